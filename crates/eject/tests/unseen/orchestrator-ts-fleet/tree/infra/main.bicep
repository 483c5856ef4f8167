targetScope = 'resourceGroup'

param location string = resourceGroup().location
param tag string
@secure()
param databaseUrl string

module redis 'modules/redis.bicep' = {
  name: 'redis'
  params: {
    name: 'fleet-cache'
    location: location
  }
}

resource cache 'Microsoft.Cache/redis@2024-03-01' existing = {
  name: 'fleet-cache'
  dependsOn: [redis]
}

resource env 'Microsoft.App/managedEnvironments@2024-03-01' = {
  name: 'fleet-env'
  location: location
  properties: {}
}

var services = ['orchestrator', 'credentials', 'rag', 'web-ai']

resource apps 'Microsoft.App/containerApps@2024-03-01' = [for service in services: {
  name: service
  location: location
  properties: {
    managedEnvironmentId: env.id
    configuration: {
      activeRevisionsMode: 'Single'
      secrets: [
        { name: 'database-url', value: databaseUrl }
        {
          name: 'redis-url'
          value: 'rediss://:${cache.listKeys().primaryKey}@${cache.properties.hostName}:6380/0'
        }
      ]
    }
    template: {
      containers: [
        {
          name: service
          image: 'fleetregistry.azurecr.io/${service}:${tag}'
          env: [
            { name: 'DATABASE_URL', secretRef: 'database-url' }
            { name: 'REDIS_URL', secretRef: 'redis-url' }
          ]
        }
      ]
      scale: { minReplicas: 1, maxReplicas: 5 }
    }
  }
}]
