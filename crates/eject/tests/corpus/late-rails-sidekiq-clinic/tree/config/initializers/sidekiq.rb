require "sidekiq-cron"

options = { url: ENV.fetch("SIDEKIQ_REDIS_URL"), network_timeout: 3, pool_timeout: 3 }

Sidekiq.configure_server do |config|
  config.redis = options
  config.death_handlers << ->(job, error) { Rails.logger.error("#{job["class"]}: #{error.message}") }
  config.on(:startup) do
    Sidekiq::Cron::Job.load_from_hash!(YAML.load_file(Rails.root.join("config/schedule.yml")))
  end
end

Sidekiq.configure_client { |config| config.redis = options.merge(size: 3) }
