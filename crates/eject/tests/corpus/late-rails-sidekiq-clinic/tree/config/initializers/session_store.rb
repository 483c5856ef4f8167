Rails.application.config.session_store :redis_store,
  servers: [ENV.fetch("SESSION_REDIS_URL", "redis://localhost:6379/0/session")],
  expire_after: 90.minutes,
  key: "_clinic_session",
  threadsafe: true
