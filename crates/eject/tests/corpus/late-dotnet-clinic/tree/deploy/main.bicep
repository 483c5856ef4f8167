param location string = resourceGroup().location

resource cache 'Microsoft.Cache/redis@2024-03-01' = {
  name: 'clinic'
  location: location
  properties: {
    sku: { name: 'Standard', family: 'C', capacity: 1 }
  }
}

resource web 'Microsoft.Web/sites@2023-12-01' = {
  name: 'clinic-web'
  location: location
  properties: {
    siteConfig: {
      appSettings: [
        { name: 'ConnectionStrings__Redis', value: '${cache.properties.hostName}:6380,ssl=True' }
        { name: 'ASPNETCORE_ENVIRONMENT', value: 'Production' }
      ]
    }
  }
}
