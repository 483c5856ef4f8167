module.exports = {
  apps: [
    {
      name: "admin",
      script: "./index.mjs",
      env_production: {
        COOKIE_KEY: "hunter2Cookiehunter2",
        SESSION_REDIS_URL: "redis://:hunter2Adminhunter2@10.0.4.7:6379/5",
        REPORT_REDIS_URL: "rediss://reports:hunter2Reportshunter2@reports.cache.example.net:6380",
      },
    },
  ],
};
