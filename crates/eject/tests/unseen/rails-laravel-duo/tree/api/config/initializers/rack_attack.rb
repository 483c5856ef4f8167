class Rack::Attack
  cache.store = ActiveSupport::Cache::RedisCacheStore.new(url: ENV["REDIS_URL"], namespace: "attack") if Rails.env.production?

  throttle("scans/token", limit: 300, period: 60) { |req| req.get_header("HTTP_X_SCANNER") }

  blocklist("fail2ban") do |req|
    Rack::Attack::Fail2Ban.filter("pentest-#{req.ip}", maxretry: 3, findtime: 600, bantime: 3600) do
      req.path.include?("wp-admin")
    end
  end
end
