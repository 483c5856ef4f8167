param location string = resourceGroup().location
// resource old 'Microsoft.Cache/redis@2020-06-01' existing
resource cache 'Microsoft.Cache/redis@2024-03-01' = {
  name: 'shop-cache'
  location: location
  properties: { sku: { name: 'Standard', family: 'C', capacity: 1 } }
}

resource enterprise 'Microsoft.Cache/redisEnterprise@2024-02-01' = {
  name: 'shop-enterprise'
  location: location
}

resource web 'Microsoft.Web/sites@2023-12-01' = {
  name: 'web'
  properties: {
    siteConfig: {
      appSettings: [
        { name: 'PORT', value: '80' }
        {
          name: 'REDIS_HOST'
          value: cache.properties.hostName
        }
        { name: 'REDIS_KEY', value: cache.listKeys().primaryKey }
      ]
    }
  }
}
