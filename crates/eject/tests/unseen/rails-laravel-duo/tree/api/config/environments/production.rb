require "active_support/core_ext/integer/time"

Rails.application.configure do
  config.eager_load = true
  config.force_ssl = true
  config.log_level = ENV.fetch("RAILS_LOG_LEVEL", "info")

  config.cache_store = :redis_cache_store, {
    url: ENV.fetch("REDIS_CACHE_URL") { "#{ENV["REDIS_URL"]}/1" },
    pool: { size: 10 },
    reconnect_attempts: 2,
    error_handler: ->(method:, returning:, exception:) { Rails.error.report(exception, handled: true) }
  }
  config.active_job.queue_adapter = :sidekiq
  config.active_job.queue_name_prefix = "api"
  config.action_cable.allowed_request_origins = ["https://warehouse.example.com"]
end
