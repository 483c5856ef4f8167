require "redis_client"

module Stalls
  # By commands as they are spelled, with a pool for the threads of Puma.
  REDIS = RedisClient
    .config(url: ENV.fetch("REDIS_URL"), timeout: 0.5, reconnect_attempts: 2)
    .new_pool(size: ENV.fetch("RAILS_MAX_THREADS", 5).to_i, timeout: 1)
end
