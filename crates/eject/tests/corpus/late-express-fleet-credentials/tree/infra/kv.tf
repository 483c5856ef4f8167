resource "azurerm_redis_cache" "kv" {
  name                 = "fleet-kv"
  location             = azurerm_resource_group.fleet.location
  resource_group_name  = azurerm_resource_group.fleet.name
  capacity             = 1
  family               = "C"
  sku_name             = "Standard"
  minimum_tls_version  = "1.2"
  non_ssl_port_enabled = false

  redis_configuration {
    maxmemory_policy = "noeviction"
  }
}

resource "azurerm_redis_firewall_rule" "egress" {
  name                = "egress"
  redis_cache_name    = azurerm_redis_cache.kv.name
  resource_group_name = azurerm_resource_group.fleet.name
  start_ip            = "20.50.60.70"
  end_ip              = "20.50.60.70"
}

resource "azurerm_key_vault_secret" "kv_url" {
  name         = "redis-url"
  key_vault_id = var.key_vault_id
  value        = "rediss://:${azurerm_redis_cache.kv.primary_access_key}@${azurerm_redis_cache.kv.hostname}:${azurerm_redis_cache.kv.ssl_port}"
}

resource "azurerm_monitor_metric_alert" "kv_memory" {
  name                = "kv-memory"
  resource_group_name = azurerm_resource_group.fleet.name
  scopes              = [azurerm_redis_cache.kv.id]
  criteria {
    metric_namespace = "Microsoft.Cache/redis"
    metric_name      = "usedmemorypercentage"
    aggregation      = "Average"
    operator         = "GreaterThan"
    threshold        = 80
  }
}

output "kv_host" {
  value = azurerm_redis_cache.kv.hostname
}
