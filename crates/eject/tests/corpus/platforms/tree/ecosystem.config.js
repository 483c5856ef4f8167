module.exports = {
  apps: [
    { name: "web", script: "server.js", env: { REDIS_URL: "redis://:hunter2Pm2hunter2@10.0.0.5:6379" } },
  ],
};
