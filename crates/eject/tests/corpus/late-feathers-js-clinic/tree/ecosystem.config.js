module.exports = {
  apps: [
    {
      name: 'clinic-api',
      script: 'src/index.js',
      instances: 2,
      exec_mode: 'cluster',
      env: { NODE_ENV: 'development' },
      env_production: {
        NODE_ENV: 'production',
        REDIS_HOST: 'redis-1.clinic.internal'
      }
    },
    {
      name: 'clinic-worker',
      script: 'src/worker.js',
      max_memory_restart: '400M',
      env_production: { NODE_ENV: 'production', KUE_CONCURRENCY: 4 }
    }
  ]
};
