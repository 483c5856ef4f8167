Rails.application.config.session_store :redis_session_store,
  key: "_market_session",
  serializer: :json,
  redis: {
    url: ENV.fetch("REDIS_URL"),
    key_prefix: "market:session:",
    expire_after: 14.days
  }
