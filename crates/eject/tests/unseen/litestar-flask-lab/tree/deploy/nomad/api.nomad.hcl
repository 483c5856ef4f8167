job "lab-api" {
  datacenters = ["dc1"]

  group "api" {
    count = 3

    task "api" {
      driver = "docker"

      config {
        image   = "registry.lab.example/api:2.4.0"
        command = "litestar"
        args    = ["--app", "lab_api.app:app", "run", "--host", "0.0.0.0"]
      }

      template {
        destination = "secrets/env"
        env         = true
        data        = <<EOT
{{ range service "lab-redis" }}
LAB_REDIS_URL=redis://:hunter2Nomadhunter2@{{ .Address }}:{{ .Port }}/0
{{ end }}
{{ with secret "kv/lab" }}LAB_SECRET_KEY={{ .Data.data.secret }}{{ end }}
EOT
      }

      env {
        LAB_ENV  = "production"
        AMQP_URL = "amqp://rabbit.service.consul:5672/"
      }
    }
  }
}
