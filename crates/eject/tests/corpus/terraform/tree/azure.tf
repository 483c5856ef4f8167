resource "azurerm_redis_cache" "cache" {
  name     = "shop"
  capacity = 1
  family   = "C"
  sku_name = "Standard"
}

resource "azurerm_redis_firewall_rule" "office" {
  name             = "office"
  redis_cache_name = azurerm_redis_cache.cache.name
  start_ip         = "1.2.3.4"
}

resource "azurerm_linux_web_app" "web" {
  name = "web"
  app_settings = {
    "REDIS_CONNECTION" = azurerm_redis_cache.cache.primary_connection_string
    "TITLE"            = "Predisposed"
  }
}

resource "azurerm_managed_redis" "new" {
  name = "managed"
}
