resource "google_redis_instance" "cache" {
  name           = "cache"
  tier           = "STANDARD_HA"
  memory_size_gb = 4
  redis_version  = "REDIS_7_2"
}

resource "google_redis_cluster" "sessions" {
  name        = "sessions"
  shard_count = 3
}

resource "google_memorystore_instance" "jobs" {
  instance_id = "jobs"
  shard_count = 1
}

resource "google_memcache_instance" "pages" {
  name       = "pages"
  node_count = 1
}
