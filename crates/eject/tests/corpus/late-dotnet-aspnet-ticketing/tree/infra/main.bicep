targetScope = 'resourceGroup'

param location string = resourceGroup().location
@allowed(['test', 'prod'])
param env string
@secure()
param sqlConnection string

module cache 'modules/cache.bicep' = {
  name: 'cache'
  params: { name: 'tix-${env}', location: location }
}

resource plan 'Microsoft.Web/serverfarms@2023-12-01' = {
  name: 'tix-${env}'
  location: location
  sku: { name: 'P1v3' }
}

resource api 'Microsoft.Web/sites@2023-12-01' = {
  name: 'tix-api-${env}'
  location: location
  identity: { type: 'SystemAssigned' }
  properties: {
    serverFarmId: plan.id
    siteConfig: {
      appSettings: [
        { name: 'ASPNETCORE_ENVIRONMENT', value: 'Production' }
        { name: 'ConnectionStrings__Sql', value: sqlConnection }
        { name: 'Redis__Configuration', value: cache.outputs.connection }
      ]
    }
  }
}

resource worker 'Microsoft.Web/sites@2023-12-01' = {
  name: 'tix-worker-${env}'
  location: location
  properties: {
    serverFarmId: plan.id
    siteConfig: {
      alwaysOn: true
      appSettings: [
        { name: 'Redis__Configuration', value: '${cache.outputs.connection},defaultDatabase=0' }
        { name: 'ConnectionStrings__HangfireRedis', value: '${cache.outputs.connection},defaultDatabase=3' }
      ]
    }
  }
}
