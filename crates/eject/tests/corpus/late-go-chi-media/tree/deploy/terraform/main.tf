terraform {
  required_providers {
    google     = { source = "hashicorp/google", version = "~> 6.12" }
    kubernetes = { source = "hashicorp/kubernetes", version = "~> 2.33" }
  }
}

variable "memory_gb" {
  type    = number
  default = 5
}

resource "google_compute_network" "main" {
  name                    = "media"
  auto_create_subnetworks = false
}

resource "google_pubsub_topic" "events" {
  name = "media-events"
}
