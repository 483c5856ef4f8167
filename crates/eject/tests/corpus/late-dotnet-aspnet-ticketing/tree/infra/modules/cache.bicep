param name string
param location string

resource redis 'Microsoft.Cache/redis@2024-03-01' = {
  name: name
  location: location
  properties: {
    sku: { name: 'Premium', family: 'P', capacity: 1 }
    redisVersion: '6'
    minimumTlsVersion: '1.2'
    redisConfiguration: { 'maxmemory-policy': 'volatile-lru', 'aof-backup-enabled': 'true' }
  }
}

resource patching 'Microsoft.Cache/redis/patchSchedules@2024-03-01' = {
  parent: redis
  name: 'default'
  properties: {
    scheduleEntries: [{ dayOfWeek: 'Tuesday', startHourUtc: 3, maintenanceWindow: 'PT5H' }]
  }
}

output connection string = '${redis.properties.hostName}:6380,password=${redis.listKeys().primaryKey},ssl=True,abortConnect=False'
