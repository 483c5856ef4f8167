job "cache" {
  datacenters = ["dc1"]

  group "cache" {
    network {
      port "redis" { static = 6379 }
    }

    task "server" {
      driver = "docker"
      config {
        image = "redis:7.4"
        ports = ["redis"]
      }
    }

    task "api" {
      driver = "docker"
      config { image = "registry.example.com/platform/api:4.1.0" }
      env {
        REDIS_HOST = "${NOMAD_IP_redis}"
        LOG_LEVEL  = "info"
      }
    }
  }
}
