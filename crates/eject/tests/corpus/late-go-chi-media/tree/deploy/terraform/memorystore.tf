resource "google_project_service" "redis" {
  service = "redis.googleapis.com"
}

resource "google_redis_instance" "media" {
  name                    = "media"
  tier                    = "STANDARD_HA"
  memory_size_gb          = var.memory_gb
  redis_version           = "REDIS_7_2"
  authorized_network      = google_compute_network.main.id
  connect_mode            = "PRIVATE_SERVICE_ACCESS"
  auth_enabled            = true
  transit_encryption_mode = "DISABLED"
  redis_configs           = { maxmemory-policy = "noeviction" }
  depends_on              = [google_project_service.redis]
}

resource "google_compute_firewall" "redis" {
  name    = "allow-redis"
  network = google_compute_network.main.name
  allow {
    protocol = "tcp"
    ports    = ["6379"]
  }
  source_tags = ["gke-media"]
}

resource "kubernetes_secret" "redis" {
  metadata { name = "media-redis" }
  data = { auth = google_redis_instance.media.auth_string }
}

output "redis_host" {
  value = google_redis_instance.media.host
}
