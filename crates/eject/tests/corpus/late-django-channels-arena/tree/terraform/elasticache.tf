resource "aws_elasticache_subnet_group" "arena" {
  name       = "arena"
  subnet_ids = var.private_subnets
}

resource "aws_elasticache_parameter_group" "arena" {
  name   = "arena-redis7"
  family = "redis7"

  parameter {
    name  = "notify-keyspace-events"
    value = "Ex"
  }
}

resource "random_password" "auth" {
  length  = 48
  special = false
}

resource "aws_elasticache_replication_group" "arena" {
  replication_group_id       = "arena"
  description                = "Boards, broker and sockets"
  engine                     = "redis"
  engine_version             = "7.1"
  node_type                  = var.node_type
  num_cache_clusters         = 2
  automatic_failover_enabled = true
  transit_encryption_enabled = true
  auth_token                 = random_password.auth.result
  parameter_group_name       = aws_elasticache_parameter_group.arena.name
  subnet_group_name          = aws_elasticache_subnet_group.arena.name
}
