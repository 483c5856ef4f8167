variable "redis_node_type" {
  type    = string
  default = "cache.t4g.small"
}

variable "subnet_ids" {
  type = list(string)
}
