terraform {
  required_providers {
    azurerm = { source = "hashicorp/azurerm", version = "~> 4.14" }
  }
}

provider "azurerm" {
  features {}
}

resource "azurerm_resource_group" "this" {
  name     = "market-prod"
  location = "westeurope"
}

resource "azurerm_redis_cache" "this" {
  name                 = "market-prod"
  resource_group_name  = azurerm_resource_group.this.name
  location             = azurerm_resource_group.this.location
  capacity             = 1
  family               = "C"
  sku_name             = "Standard"
  non_ssl_port_enabled = false
  minimum_tls_version  = "1.2"

  redis_configuration {
    maxmemory_policy = "noeviction"
  }
}

resource "azurerm_redis_firewall_rule" "apps" {
  name                = "apps"
  redis_cache_name    = azurerm_redis_cache.this.name
  resource_group_name = azurerm_resource_group.this.name
  start_ip            = "10.20.0.0"
  end_ip              = "10.20.0.255"
}

resource "azurerm_container_app" "api" {
  name                         = "api"
  resource_group_name          = azurerm_resource_group.this.name
  container_app_environment_id = var.environment_id
  revision_mode                = "Single"

  secret {
    name  = "redis-key"
    value = azurerm_redis_cache.this.primary_access_key
  }

  template {
    container {
      name   = "api"
      image  = "market.azurecr.io/api:${var.tag}"
      cpu    = 0.5
      memory = "1Gi"

      env {
        name  = "REDIS_HOST"
        value = azurerm_redis_cache.this.hostname
      }
      env {
        name        = "REDIS_PASSWORD"
        secret_name = "redis-key"
      }
    }
  }
}

variable "environment_id" { type = string }
variable "tag" { type = string }
