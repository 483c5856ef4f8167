url = ENV.fetch("SIDEKIQ_REDIS_URL") { ENV["REDIS_URL"] }

Sidekiq.configure_server do |config|
  config.redis = { url: url, network_timeout: 5 }
  config.average_scheduled_poll_interval = 5

  config.on(:startup) do
    Sidekiq::Cron::Job.load_from_hash!(YAML.load_file(Rails.root.join("config/schedule.yml")))
  end
end

Sidekiq.configure_client do |config|
  config.redis = { url: url, size: 3 }
end

Sidekiq.strict_args!(:warn)
