Pricing::Container.register_provider(:redis) do
  prepare do
    require "redis"
  end

  start do
    client = Redis.new(url: ENV.fetch("PRICING_REDIS_URL", "redis://localhost:6379/3"), reconnect_attempts: 3)
    client.ping
    register "redis", client
  end

  stop do
    container["redis"].close
  end
end
