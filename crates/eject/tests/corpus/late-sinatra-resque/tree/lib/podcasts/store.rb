# frozen_string_literal: true

require "json"
require "moneta"
require_relative "redis"

module Podcasts
  class Store
    LOCAL = Moneta.new(:LRUHash, max_count: 500)

    def initialize(redis: Podcasts.redis)
      @redis = redis
    end

    def feed(id)
      LOCAL.fetch(id) { LOCAL.store(id, @redis.hget("feeds", id)) }
    end

    def save(id, episodes)
      @redis.pipelined do |pipe|
        pipe.hset("feeds", id, JSON.generate(episodes))
        pipe.expire("feeds", 86_400)
      end
    end

    def plays(episode)
      Podcasts.shards.get("plays:#{episode}").to_i
    end

    def played(episode)
      Podcasts.shards.incr("plays:#{episode}")
    end
  end
end
