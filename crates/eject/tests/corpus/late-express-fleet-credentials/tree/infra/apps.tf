locals {
  services = toset(["issuer", "gate"])
}

resource "azurerm_container_app" "service" {
  for_each                     = local.services
  name                         = each.key
  resource_group_name          = azurerm_resource_group.fleet.name
  container_app_environment_id = var.environment_id
  revision_mode                = "Single"

  secret {
    name                = "redis-url"
    key_vault_secret_id = azurerm_key_vault_secret.kv_url.versionless_id
    identity            = var.identity_id
  }

  template {
    container {
      name   = each.key
      image  = "fleetregistry.azurecr.io/${each.key}:${var.tag}"
      cpu    = 0.5
      memory = "1Gi"
      env {
        name        = "REDIS_URL"
        secret_name = "redis-url"
      }
      env {
        name        = "GATE_STORE_URL"
        secret_name = "redis-url"
      }
    }
  }
}

resource "azurerm_linux_web_app" "audit" {
  name                = "fleet-audit"
  location            = azurerm_resource_group.fleet.location
  resource_group_name = azurerm_resource_group.fleet.name
  service_plan_id     = var.plan_id
  app_settings = {
    AUDIT_REDIS_HOST = azurerm_redis_cache.kv.hostname
    AUDIT_REDIS_KEY  = azurerm_redis_cache.kv.primary_access_key
    NODE_ENV         = "production"
  }
  site_config {}
}
