class Rack::Attack
  self.cache.store = ActiveSupport::Cache::RedisCacheStore.new(url: ENV["LIMITS_REDIS_URL"] || ENV["REDIS_URL"], pool: { size: 5 })

  safelist("office") { |req| req.ip.start_with?("10.20.") }
  throttle("login/ip", limit: 10, period: 1.minute) { |req| req.ip if req.path == "/login" && req.post? }
end
