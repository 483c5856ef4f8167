require_relative "boot"
require "rails/all"

Bundler.require(*Rails.groups)

module Marketplace
  class Application < Rails::Application
    config.load_defaults 7.1
    config.autoload_lib(ignore: %w[assets tasks legacy])
    config.active_job.queue_adapter = :sidekiq
    config.middleware.use Rack::Attack
    config.time_zone = "Berlin"
  end
end
