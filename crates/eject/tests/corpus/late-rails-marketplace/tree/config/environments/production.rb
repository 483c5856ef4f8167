require "active_support/core_ext/integer/time"

Rails.application.configure do
  config.eager_load = true
  config.consider_all_requests_local = false
  config.action_controller.perform_caching = true

  config.cache_store = :redis_cache_store, {
    url: ENV.fetch("REDIS_CACHE_URL") { ENV.fetch("REDIS_URL") },
    namespace: "market",
    expires_in: 12.hours,
    pool: { size: ENV.fetch("RAILS_MAX_THREADS", 5).to_i },
    error_handler: ->(method:, returning:, exception:) { Rails.error.report(exception, context: { method: }) }
  }

  config.action_cable.allowed_request_origins = ["https://market.example.com"]
  config.force_ssl = true
end
