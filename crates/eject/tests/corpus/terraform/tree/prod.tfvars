redis_node_type = "cache.r7g.large"
subnet_ids      = ["subnet-1"]
