resource "azurerm_redis_cache" "web" {
  name     = "web"
  capacity = 1
  family   = "C"
  sku_name = "Standard"
}

resource "azurerm_redis_enterprise_cluster" "search" {
  name     = "search"
  sku_name = "Enterprise_E20-4"
}

resource "azurerm_redis_enterprise_database" "search" {
  cluster_id = azurerm_redis_enterprise_cluster.search.id
}

resource "azurerm_managed_redis" "jobs" {
  name     = "jobs"
  sku_name = "Balanced_B3"
}

resource "azurerm_servicebus_queue" "mail" {
  name = "mail"
}
