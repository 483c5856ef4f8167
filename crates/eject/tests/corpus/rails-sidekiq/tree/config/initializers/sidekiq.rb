Sidekiq.configure_server do |config|
  config.redis = { url: ENV.fetch("REDIS_URL"), password: "hunter2Sidekiqhunter2" }
end
