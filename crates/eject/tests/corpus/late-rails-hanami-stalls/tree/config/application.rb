require_relative "boot"
require "rails/all"

Bundler.require(*Rails.groups)

module Stalls
  class Application < Rails::Application
    config.load_defaults 7.2
    config.time_zone = "Europe/Paris"
    config.active_job.queue_adapter = :sidekiq
    config.middleware.use Rack::Attack
  end
end
