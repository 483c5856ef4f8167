const Queue = require('bull');
const Redis = require('ioredis');

const open = () => new Redis(process.env.REDIS_URL, { maxRetriesPerRequest: null, enableReadyCheck: false });

// Bull opens three connections for each queue unless told to share, and Upstash counts them
const shared = { client: open(), subscriber: open() };
const createClient = (type) => shared[type] || open();

exports.reports = new Queue('reports', { createClient, prefix: '{metricly}', defaultJobOptions: { attempts: 3, backoff: 5_000 } });
exports.shared = shared;
