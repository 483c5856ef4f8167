resource "aws_elasticache_subnet_group" "gale" {
  name       = "gale-cache"
  subnet_ids = var.private_subnets
}

resource "aws_elasticache_parameter_group" "gale" {
  name   = "gale-redis7"
  family = "redis7"
  parameter {
    name  = "maxmemory-policy"
    value = "volatile-lru"
  }
}

resource "aws_security_group" "cache" {
  name   = "gale-cache"
  vpc_id = var.vpc_id
  ingress {
    from_port       = 6379
    to_port         = 6379
    protocol        = "tcp"
    security_groups = [aws_security_group.gateway.id]
  }
}

resource "aws_elasticache_replication_group" "gale" {
  replication_group_id       = "gale-cache"
  description                = "latest readings, sessions, alarms"
  engine                     = "redis"
  engine_version             = "7.1"
  node_type                  = "cache.t4g.small"
  num_cache_clusters         = 2
  parameter_group_name       = aws_elasticache_parameter_group.gale.name
  subnet_group_name          = aws_elasticache_subnet_group.gale.name
  security_group_ids         = [aws_security_group.cache.id]
  transit_encryption_enabled = true
  auth_token                 = var.cache_token
}
