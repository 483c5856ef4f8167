# One pool for whatever is neither cache nor jobs.
REDIS = ConnectionPool.new(size: ENV.fetch("RAILS_MAX_THREADS", 5).to_i, timeout: 2) do
  Redis.new(url: ENV.fetch("REDIS_URL", "redis://localhost:6379/0"), driver: :hiredis, reconnect_attempts: 2)
end

# Unlike REDIS, Flipper wants to talk to something that quacks like a client
REDIS_FLAGS = ConnectionPool::Wrapper.new(size: 2, timeout: 1) { Redis.new(url: ENV["REDIS_URL"], db: 4) }
