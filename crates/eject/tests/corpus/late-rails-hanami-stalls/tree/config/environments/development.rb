Rails.application.configure do
  config.enable_reloading = true
  config.eager_load = false
  config.cache_store = :memory_store, { size: 64.megabytes }
  config.action_mailer.delivery_method = :test
end
