var Queue = require('bee-queue');
var queue = new Queue('thumbnails', { redis: { host: process.env.REDIS_HOST } });
var redlock = require('./lib/client').redlock;

queue.process(4, async function (job) {
  var lock = await redlock.lock('locks:thumb:' + job.data.id, 5000);
  try { return job.data.id; } finally { await lock.unlock(); }
});
