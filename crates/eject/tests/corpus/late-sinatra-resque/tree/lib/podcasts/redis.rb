# frozen_string_literal: true

require "erb"
require "yaml"
require "redis"
require "redis/distributed"
require "redis-namespace"

module Podcasts
  SETTINGS = YAML.safe_load(ERB.new(File.read("config/redis.yml")).result, aliases: true).fetch(ENV.fetch("RACK_ENV", "test"))

  def self.redis
    @redis ||= ::Redis::Namespace.new(:podcasts, redis: ::Redis.new(**SETTINGS.slice("host", "port", "password").transform_keys(&:to_sym)))
  end

  def self.shards
    @shards ||= ::Redis::Distributed.new(SETTINGS.fetch("nodes"))
  end
end
