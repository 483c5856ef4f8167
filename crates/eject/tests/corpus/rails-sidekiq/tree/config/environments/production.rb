Rails.application.configure do
  config.cache_store = :redis_cache_store, { url: ENV["REDIS_CACHE_URL"], expires_in: 1.hour }
  config.session_store :cache_store, key: "_shop"
end
