module.exports = ({ env }) => ({
  redis: {
    config: {
      connections: {
        default: {
          connection: {
            host: env("REDIS_HOST", "127.0.0.1"),
            port: env.int("REDIS_PORT", 6379),
            password: env("REDIS_PASSWORD"),
            db: 0,
          },
          settings: { debug: false },
        },
      },
    },
  },
  "rest-cache": {
    config: {
      provider: {
        name: "redis",
        options: { ttl: 3_600_000, connection: "default" },
      },
      strategy: { contentTypes: ["api::article.article"] },
    },
  },
  upload: { config: { provider: "local" } },
});
