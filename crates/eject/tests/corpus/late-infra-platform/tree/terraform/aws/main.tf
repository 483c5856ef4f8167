module "network" {
  source = "../modules/network"
}

module "cache" {
  source    = "../modules/cache"
  name      = "platform"
  node_type = "cache.m7g.large"
  subnets   = module.network.private_subnets
}

resource "aws_elasticache_serverless_cache" "sessions" {
  engine = "valkey"
  name   = "sessions"
}

resource "aws_elasticache_cluster" "pages" {
  cluster_id      = "pages"
  engine          = "memcached"
  node_type       = "cache.t4g.micro"
  num_cache_nodes = 1
}

resource "aws_sqs_queue" "jobs" {
  name = "jobs"
}

resource "aws_ssm_parameter" "url" {
  name  = "/platform/REDIS_URL"
  type  = "SecureString"
  value = "rediss://:${module.cache.token}@${module.cache.endpoint}:6379"
}

resource "aws_lambda_function" "resize" {
  function_name = "resize"
  role          = "arn:aws:iam::000000000000:role/resize"
  environment {
    variables = {
      BUCKET         = "images"
      CACHE_ENDPOINT = "rediss://${module.cache.endpoint}:6379"
    }
  }
}
