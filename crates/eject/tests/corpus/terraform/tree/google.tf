resource "google_redis_instance" "cache" {
  name           = "shop"
  memory_size_gb = 1
}

resource "google_memorystore_instance" "valkey" {
  instance_id = "valkey"
}

resource "google_cloud_run_v2_service" "api" {
  name = "api"
  template {
    containers {
      env {
        name  = "REDIS_URL"
        value = "redis://${google_redis_instance.cache.host}:6379"
      }
    }
  }
}

resource "helm_release" "cache" {
  name       = "cache"
  repository = "https://charts.bitnami.com/bitnami"
  chart      = "redis"
}
