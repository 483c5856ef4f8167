Sidekiq.configure_server do |config|
  config.redis = { url: ENV.fetch("REDIS_URL"), network_timeout: 5, pool_timeout: 5 }
  schedule = Rails.root.join("config/schedule.yml")
  Sidekiq::Cron::Job.load_from_hash!(YAML.load_file(schedule))
end

Sidekiq.configure_client { |config| config.redis = { url: ENV.fetch("REDIS_URL"), size: 2 } }
Sidekiq.default_job_options = { backtrace: true, retry: 5 }
