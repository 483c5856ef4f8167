job "lab-redis" {
  datacenters = ["dc1"]
  type        = "service"

  group "redis" {
    network {
      port "redis" { static = 6379 }
    }

    volume "data" {
      type   = "host"
      source = "lab-redis"
    }

    service {
      name = "lab-redis"
      port = "redis"
      check {
        type     = "tcp"
        interval = "10s"
        timeout  = "2s"
      }
    }

    task "redis" {
      driver = "docker"
      config {
        image = "redis:7.2-alpine"
        args  = ["redis-server", "--appendonly", "yes", "--requirepass", "hunter2Nomadhunter2"]
        ports = ["redis"]
      }
    }
  }
}
