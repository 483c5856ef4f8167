terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
    upstash = { source = "upstash/upstash" }
  }
}

resource "aws_elasticache_replication_group" "main" {
  replication_group_id = "shop"
  engine               = "redis"
  node_type            = var.redis_node_type
  auth_token           = "hunter2Terraformhunter2"
  subnet_group_name    = aws_elasticache_subnet_group.main.name
}

resource "aws_elasticache_subnet_group" "main" {
  name       = "shop"
  subnet_ids = var.subnet_ids
}

resource "aws_elasticache_cluster" "memcached" {
  cluster_id = "pages"
  engine     = "memcached"
}

resource "aws_elasticache_serverless_cache" "valkey" {
  engine = "valkey"
  name   = "sessions"
}

resource "aws_memorydb_cluster" "queue" {
  acl_name = "open-access"
  name     = "queue"
}

# resource "google_redis_instance" "gone" {}

resource "aws_ecs_task_definition" "api" {
  family = "api"
  container_definitions = jsonencode([{
    name  = "api"
    image = "acme/api"
    environment = [
      { name = "REDIS_HOST", value = aws_elasticache_replication_group.main.primary_endpoint_address },
      { name = "PORT", value = "80" },
    ]
  }])
}

module "redis" {
  source  = "cloudposse/elasticache-redis/aws"
  version = "1.4.1"
}

resource "aws_security_group_rule" "cache" {
  description = "redistribution"
  from_port   = 443
}
