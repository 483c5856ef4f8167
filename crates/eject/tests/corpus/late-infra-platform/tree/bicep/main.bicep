param location string = resourceGroup().location

resource cache 'Microsoft.Cache/redis@2024-11-01' = {
  name: 'platform'
  location: location
  properties: { sku: { name: 'Standard', family: 'C', capacity: 1 } }
}

resource managed 'Microsoft.Cache/redisEnterprise@2025-04-01' = {
  name: 'managed'
  location: location
  sku: { name: 'Balanced_B5' }
}

resource managedDatabase 'Microsoft.Cache/redisEnterprise/databases@2025-04-01' = {
  parent: managed
  name: 'default'
}

resource site 'Microsoft.Web/sites@2023-12-01' = {
  name: 'platform'
  location: location
  properties: {
    siteConfig: {
      appSettings: [
        { name: 'REDIS_CONNECTION', value: '${cache.properties.hostName}:6380,ssl=True' }
        { name: 'WEBSITE_LOCAL_CACHE_OPTION', value: 'Always' }
      ]
    }
  }
}
