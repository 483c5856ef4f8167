require "active_support/core_ext/integer/time"

Rails.application.configure do
  config.enable_reloading = false
  config.force_ssl = true
  config.cache_store = :redis_cache_store, {
    url: ENV.fetch("REDIS_CACHE_URL"),
    namespace: "forum",
    error_handler: ->(method:, returning:, exception:) { Rails.logger.warn("cache #{method}: #{exception}") }
  }
  config.session_store :redis_store, servers: [ENV.fetch("SESSION_REDIS_URL")], expire_after: 2.weeks, key: "_forum"
end
