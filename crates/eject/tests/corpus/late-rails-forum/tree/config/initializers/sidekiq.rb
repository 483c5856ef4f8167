require "sidekiq"
require "sidekiq-scheduler"

redis_options = { url: ENV.fetch("SIDEKIQ_REDIS_URL"), ssl_params: { verify_mode: OpenSSL::SSL::VERIFY_NONE } }

Sidekiq.configure_server do |config|
  config.redis = redis_options
  config.death_handlers << ->(job, _error) { Rails.logger.error("dead: #{job["class"]}") }
end

Sidekiq.configure_client do |config|
  config.redis = redis_options
end
