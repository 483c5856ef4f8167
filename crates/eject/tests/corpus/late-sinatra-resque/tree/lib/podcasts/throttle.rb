# frozen_string_literal: true

require_relative "redis"

module Podcasts
  # Counts requests in windows of a minute.
  class Throttle
    def initialize(app, limit:)
      @app = app
      @limit = limit
    end

    def call(env)
      key = "throttle:#{env["REMOTE_ADDR"]}:#{Time.now.to_i / 60}"
      count, = Podcasts.redis.multi do |tx|
        tx.incr(key)
        tx.expire(key, 60)
      end
      return [429, { "retry-after" => "60" }, ["too many requests"]] if count > @limit

      @app.call(env)
    end
  end
end
