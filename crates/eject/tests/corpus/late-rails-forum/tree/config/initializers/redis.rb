require "connection_pool"
require "redis"

module Forum
  REDIS_POOL = ConnectionPool.new(size: ENV.fetch("RAILS_MAX_THREADS", 5).to_i, timeout: 1) do
    Redis.new(url: ENV.fetch("REDIS_URL"), driver: :hiredis, password: ENV["REDIS_PASSWORD"])
  end

  def self.redis(&block) = REDIS_POOL.with(&block)
end

Redis::Objects.redis = Forum::REDIS_POOL
