locals {
  store = "rediss://:${random_password.auth.result}@${aws_elasticache_replication_group.arena.primary_endpoint_address}:6379"
}

resource "aws_ecs_task_definition" "web" {
  family = "arena-web"

  container_definitions = jsonencode([
    {
      name  = "web"
      image = var.image
      environment = [
        { name = "CELERY_BROKER_URL", value = "${local.store}/3" },
        { name = "CHANNELS_REDIS_URL", value = "${local.store}/4" },
        { name = "REDBEAT_REDIS_URL", value = "${local.store}/3" },
        { name = "DJANGO_SETTINGS_MODULE", value = "arena.settings.prod" },
      ]
    },
  ])
}
