Rails.application.configure do
  config.eager_load = true
  config.force_ssl = true
  config.log_level = :info

  config.cache_store = :redis_cache_store, {
    url: ENV.fetch("CACHE_REDIS_URL"),
    namespace: "clinic",
    expires_in: 12.hours,
    error_handler: ->(method:, returning:, exception:) { Sentry.capture_exception(exception) }
  }
  config.action_cable.allowed_request_origins = ["https://clinic.example"]
end
