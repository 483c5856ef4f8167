terraform {
  required_providers {
    upstash = { source = "upstash/upstash", version = "~> 1.5" }
    vercel  = { source = "vercel/vercel", version = "~> 2.3" }
  }
}

variable "upstash_email" { type = string }

variable "upstash_api_key" {
  type      = string
  sensitive = true
}

provider "upstash" {
  email   = var.upstash_email
  api_key = var.upstash_api_key
}

resource "upstash_redis_database" "main" {
  database_name  = "metricly"
  region         = "global"
  primary_region = "eu-central-1"
  read_regions   = ["us-east-1"]
  tls            = true
  eviction       = false
}

resource "vercel_project" "web" {
  name      = "metricly-web"
  framework = "nextjs"
}

resource "vercel_project_environment_variable" "redis_url" {
  project_id = vercel_project.web.id
  target     = ["production"]
  key        = "UPSTASH_REDIS_REST_URL"
  value      = "https://${upstash_redis_database.main.endpoint}"
}

resource "vercel_project_environment_variable" "redis_token" {
  project_id = vercel_project.web.id
  target     = ["production"]
  key        = "UPSTASH_REDIS_REST_TOKEN"
  value      = upstash_redis_database.main.rest_token
  sensitive  = true
}
