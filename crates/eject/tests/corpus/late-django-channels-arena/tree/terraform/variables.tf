variable "private_subnets" {
  type = list(string)
}

variable "image" {
  type = string
}

variable "node_type" {
  description = "Of the nodes of the Redis servers"
  default     = "cache.t4g.small"
}
