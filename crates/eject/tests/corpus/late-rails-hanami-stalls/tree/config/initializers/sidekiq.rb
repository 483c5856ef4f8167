options = { url: ENV.fetch("SIDEKIQ_REDIS_URL", "redis://localhost:6379/2"), network_timeout: 3 }

Sidekiq.configure_server do |config|
  config.redis = options
  config.on(:startup) do
    Sidekiq::Cron::Job.load_from_hash!(YAML.load_file(Rails.root.join("config/schedule.yml")))
  end
end

Sidekiq.configure_client do |config|
  config.redis = options
end
