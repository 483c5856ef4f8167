Rails.application.configure do
  config.cache_store = :memory_store, { size: 64.megabytes }
  config.session_store :cookie_store, key: "_forum"
  # config.cache_store = :redis_cache_store
end
