require_relative "boot"

require "rails/all"
Bundler.require(*Rails.groups)

require_relative "../lib/clinic/kv"

module Clinic
  class Application < Rails::Application
    config.load_defaults 7.1
    config.time_zone = "Europe/Vienna"
    config.active_job.queue_adapter = :sidekiq
    config.middleware.use Rack::Attack
  end
end
