resource "aws_elasticache_subnet_group" "delivery" {
  name       = "delivery-${var.env}"
  subnet_ids = var.private_subnets
}

resource "aws_elasticache_replication_group" "delivery" {
  replication_group_id       = "delivery-${var.env}"
  description                = "sessions, caches, positions"
  engine                     = "redis"
  engine_version             = "7.1"
  node_type                  = "cache.t4g.medium"
  num_cache_clusters         = 2
  automatic_failover_enabled = true
  transit_encryption_enabled = true
  auth_token                 = var.redis_auth_token
  subnet_group_name          = aws_elasticache_subnet_group.delivery.name
}

variable "redis_auth_token" {
  type      = string
  sensitive = true
}
