locals {
  name = "ledger-${var.environment}"
}

resource "aws_elasticache_subnet_group" "ledger" {
  name       = local.name
  subnet_ids = var.private_subnet_ids
}

resource "aws_security_group" "redis" {
  name   = "${local.name}-redis"
  vpc_id = var.vpc_id

  ingress {
    from_port       = 6379
    to_port         = 6379
    protocol        = "tcp"
    security_groups = [var.node_security_group_id]
  }
}

resource "aws_elasticache_replication_group" "ledger" {
  replication_group_id       = local.name
  description                = "Balances, limits and idempotency keys"
  engine                     = "redis"
  engine_version             = "7.1"
  node_type                  = var.cache_node_type
  num_node_groups            = 3
  replicas_per_node_group    = 1
  automatic_failover_enabled = true
  transit_encryption_enabled = true
  auth_token                 = var.cache_auth_token
  parameter_group_name       = "default.redis7.cluster.on"
  subnet_group_name          = aws_elasticache_subnet_group.ledger.name
  security_group_ids         = [aws_security_group.redis.id]
}

output "redis_configuration_endpoint" {
  value = aws_elasticache_replication_group.ledger.configuration_endpoint_address
}
