resource "aws_elasticache_cluster" "x" {
  engine = "redis"
