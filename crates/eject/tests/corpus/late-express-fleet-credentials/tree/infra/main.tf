terraform {
  required_version = ">= 1.7"
  required_providers {
    azurerm = { source = "hashicorp/azurerm", version = "~> 4.2" }
  }
}

provider "azurerm" {
  features {}
}

resource "azurerm_resource_group" "fleet" {
  name     = "rg-fleet-credentials"
  location = "westeurope"
}

resource "azurerm_servicebus_queue" "odometer" {
  name         = "odometer"
  namespace_id = var.servicebus_namespace_id
}
