targetScope = 'resourceGroup'

param env string
param location string = resourceGroup().location

@secure()
param sqlPassword string

module cache 'redis.bicep' = {
  name: 'redis'
  params: { env: env, location: location }
}

resource plan 'Microsoft.Web/serverfarms@2023-12-01' = {
  name: 'stagehand-${env}'
  location: location
  sku: { name: 'P1v3' }
}

resource api 'Microsoft.Web/sites@2023-12-01' = {
  name: 'stagehand-api-${env}'
  location: location
  properties: {
    serverFarmId: plan.id
    siteConfig: {
      connectionStrings: [
        { name: 'Sql', type: 'SQLAzure', connectionString: 'Server=stagehand-${env}.database.windows.net;Password=${sqlPassword}' }
      ]
      appSettings: [
        { name: 'ConnectionStrings__Redis', value: cache.outputs.connectionString }
        { name: 'Cache__SizeLimit', value: '4096' }
      ]
    }
  }
}

resource worker 'Microsoft.App/containerApps@2024-03-01' = {
  name: 'stagehand-worker-${env}'
  location: location
  properties: {
    configuration: {
      secrets: [
        { name: 'redis', value: cache.outputs.connectionString }
      ]
    }
    template: {
      containers: [
        {
          name: 'worker'
          image: 'stagehand.azurecr.io/worker:latest'
          env: [
            { name: 'ConnectionStrings__Redis', secretRef: 'redis' }
            { name: 'Bus__Host', value: 'rabbit.internal' }
          ]
        }
      ]
    }
  }
}
