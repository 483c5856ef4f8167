param name string
param location string

@allowed(['Basic', 'Standard', 'Premium'])
param sku string = 'Standard'

resource cache 'Microsoft.Cache/redis@2024-03-01' = {
  name: name
  location: location
  properties: {
    sku: { name: sku, family: 'C', capacity: 1 }
    enableNonSslPort: false
    minimumTlsVersion: '1.2'
    redisConfiguration: { 'maxmemory-policy': 'noeviction' }
  }
}

resource egress 'Microsoft.Cache/redis/firewallRules@2024-03-01' = {
  parent: cache
  name: 'containerapps'
  properties: { startIP: '20.67.10.0', endIP: '20.67.10.255' }
}

output hostName string = cache.properties.hostName
