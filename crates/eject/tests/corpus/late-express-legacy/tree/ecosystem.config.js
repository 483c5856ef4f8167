module.exports = {
  apps: [
    {
      name: 'web',
      script: './server.js',
      instances: 'max',
      exec_mode: 'cluster',
      env: { NODE_ENV: 'development' },
      env_production: {
        NODE_ENV: 'production',
        PORT: 80,
        REDIS_HOST: '10.1.0.12',
        REDIS_PASSWORD: 'hunter2Pm2hunter2'
      }
    },
    { name: 'worker', script: './worker.js', instances: 2 }
  ]
};
