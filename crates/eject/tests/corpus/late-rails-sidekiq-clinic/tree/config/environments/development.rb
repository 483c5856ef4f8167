Rails.application.configure do
  config.enable_reloading = true
  config.cache_store = :memory_store, { size: 32.megabytes }
  # config.cache_store = :redis_cache_store, { url: "redis://localhost:6379/2" }
  config.active_job.queue_adapter = :async
end
