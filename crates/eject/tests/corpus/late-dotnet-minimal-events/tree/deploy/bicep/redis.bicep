param env string
param location string
param allowedIps array = []

resource redis 'Microsoft.Cache/redis@2024-03-01' = {
  name: 'stagehand-${env}'
  location: location
  properties: {
    sku: { name: 'Standard', family: 'C', capacity: 1 }
    enableNonSslPort: false
    minimumTlsVersion: '1.2'
    redisVersion: '6.0'
    redisConfiguration: { 'maxmemory-policy': 'volatile-lru' }
  }
}

resource rules 'Microsoft.Cache/redis/firewallRules@2024-03-01' = [for (ip, i) in allowedIps: {
  parent: redis
  name: 'office${i}'
  properties: { startIP: ip, endIP: ip }
}]

#disable-next-line outputs-should-not-contain-secrets
output connectionString string = '${redis.properties.hostName}:6380,password=${redis.listKeys().primaryKey},ssl=True,abortConnect=False'
