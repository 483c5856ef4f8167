class Rack::Attack
  cache.store = ActiveSupport::Cache::RedisCacheStore.new(url: ENV.fetch("REDIS_CACHE_URL"), namespace: "attack") if Rails.env.production?

  throttle("bookings/ip", limit: 10, period: 1.minute) { |request| request.ip if request.post? }

  blocklist("scrapers") { |request| request.user_agent.to_s.match?(/predis|scrapy/i) }
end
