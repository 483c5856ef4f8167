variable "name" {}
variable "node_type" {}
variable "subnets" { type = list(string) }

resource "random_password" "token" {
  length  = 32
  special = false
}

resource "aws_elasticache_subnet_group" "this" {
  name       = var.name
  subnet_ids = var.subnets
}

resource "aws_elasticache_parameter_group" "this" {
  family = "redis7"
  name   = var.name
  parameter {
    name  = "maxmemory-policy"
    value = "noeviction"
  }
}

resource "aws_elasticache_replication_group" "this" {
  replication_group_id       = var.name
  description                = "Queues and locks"
  engine                     = "redis"
  node_type                  = var.node_type
  num_cache_clusters         = 2
  auth_token                 = random_password.token.result
  transit_encryption_enabled = true
  subnet_group_name          = aws_elasticache_subnet_group.this.name
  parameter_group_name       = aws_elasticache_parameter_group.this.name
}

output "endpoint" {
  value = aws_elasticache_replication_group.this.primary_endpoint_address
}

output "token" {
  value     = random_password.token.result
  sensitive = true
}
