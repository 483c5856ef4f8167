sidekiq_redis = { url: ENV["SIDEKIQ_REDIS_URL"], network_timeout: 5 }

Sidekiq.configure_server do |config|
  config.redis = sidekiq_redis
end

Sidekiq.configure_client do |config|
  config.redis = sidekiq_redis
end
