require_relative "boot"
require "rails/all"

Bundler.require(*Rails.groups)

module Parcels
  class Application < Rails::Application
    config.load_defaults 7.1
    config.api_only = true
    config.active_job.queue_adapter = :sidekiq
    config.cache_store = :redis_cache_store, { url: ENV["CACHE_REDIS_URL"], namespace: "parcels", error_handler: ->(**e) { Rails.logger.warn(e) } }
    config.x.quotes = ActiveSupport::Cache::MemoryStore.new(size: 8.megabytes)
  end
end
