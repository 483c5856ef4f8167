class Rack::Attack
  cache.store = ActiveSupport::Cache::RedisCacheStore.new(url: ENV["REDIS_CACHE_URL"], namespace: "attack")

  throttle("logins/ip", limit: 10, period: 60) do |req|
    req.ip if req.path == "/users/sign_in" && req.post?
  end

  throttle("bids/user", limit: 30, period: 60) do |req|
    req.env["warden"]&.user&.id if req.path.end_with?("/bids")
  end

  blocklist("scanners") do |req|
    Fail2Ban.filter("scan-#{req.ip}", maxretry: 3, findtime: 600, bantime: 3600) { req.path.include?("wp-login") }
  end
end
