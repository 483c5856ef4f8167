Devise.setup do |config|
  config.mailer_sender = "no-reply@market.example.com"
  config.secret_key = ENV.fetch("DEVISE_SECRET", "hunter2Devisehunter2")
  config.timeout_in = 14.days
  config.lock_strategy = :failed_attempts
  config.unlock_strategy = :time
  config.maximum_attempts = 8
end
