require "connection_pool"
require "redis"

module Clinic
  # Everything that is neither a job nor a page's copy.
  module Kv
    POOL = ConnectionPool.new(size: Integer(ENV.fetch("RAILS_MAX_THREADS", 5)), timeout: 2) do
      Redis.new(url: ENV.fetch("REDIS_URL", "redis://localhost:6379/0"), driver: :hiredis, reconnect_attempts: 2)
    end

    def self.with(&block) = POOL.with(&block)

    def self.alive?
      with { |kv| kv.ping == "PONG" }
    rescue Redis::BaseConnectionError
      false
    end
  end
end
