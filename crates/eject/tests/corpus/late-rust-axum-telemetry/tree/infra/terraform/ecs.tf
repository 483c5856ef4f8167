variable "vpc_id" { type = string }
variable "private_subnets" { type = list(string) }
variable "cache_token" {
  type      = string
  sensitive = true
}

resource "aws_security_group" "gateway" {
  name   = "gale-gateway"
  vpc_id = var.vpc_id
}

resource "aws_sqs_queue" "invoices" {
  name = "gale-invoices"
}

resource "aws_ecs_task_definition" "gateway" {
  family                   = "gateway"
  requires_compatibilities = ["FARGATE"]
  cpu                      = 512
  memory                   = 1024
  network_mode             = "awsvpc"
  container_definitions = jsonencode([{
    name  = "gateway"
    image = "registry.gale.example/gateway:3.4.1"
    environment = [
      { name = "GALE_ENV", value = "production" },
      { name = "REDIS_TLS_URL", value = "rediss://:${var.cache_token}@${aws_elasticache_replication_group.gale.primary_endpoint_address}:6379" },
      { name = "INVOICES_QUEUE", value = aws_sqs_queue.invoices.url },
    ]
  }])
}
