var shared = { NODE_ENV: 'production', REDIS_HOST: '10.20.0.7', TZ: 'Europe/Vienna' };

module.exports = {
  apps: [
    { name: 'web', script: 'server.js', instances: 4, exec_mode: 'cluster', env: Object.assign({ PORT: 3000 }, shared) },
    { name: 'labels', script: 'workers/labels.js', instances: 2, env: shared },
    { name: 'eta', script: 'workers/eta.js', env: shared, cron_restart: '0 4 * * *' },
  ],
};
