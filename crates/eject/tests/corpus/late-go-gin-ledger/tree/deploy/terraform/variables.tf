variable "environment" { type = string }
variable "vpc_id" { type = string }
variable "node_security_group_id" { type = string }

variable "private_subnet_ids" {
  type = list(string)
}

variable "cache_node_type" {
  type    = string
  default = "cache.r7g.large"
}

variable "cache_auth_token" {
  type      = string
  sensitive = true
}
