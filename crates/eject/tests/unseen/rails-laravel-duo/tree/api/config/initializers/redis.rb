require "connection_pool"
require "redis"

REDIS = ConnectionPool::Wrapper.new(size: ENV.fetch("RAILS_MAX_THREADS", 5).to_i, timeout: 3) do
  Redis.new(url: ENV.fetch("REDIS_URL", "redis://localhost:6379/0"), reconnect_attempts: [0.1, 0.5])
end
