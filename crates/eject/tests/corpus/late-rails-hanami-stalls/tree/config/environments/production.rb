Rails.application.configure do
  config.enable_reloading = false
  config.eager_load = true
  config.force_ssl = true
  config.cache_store = :redis_cache_store, {
    url: ENV.fetch("REDIS_CACHE_URL"),
    namespace: "stalls",
    expires_in: 12.hours,
    error_handler: ->(method:, returning:, exception:) { Rails.error.report(exception, context: { method:, returning: }) },
  }
  config.session_store :cookie_store, key: "_stalls", expire_after: 30.days
  config.action_cable.allowed_request_origins = [%r{\Ahttps://.*\.stalls\.example\z}]
end
