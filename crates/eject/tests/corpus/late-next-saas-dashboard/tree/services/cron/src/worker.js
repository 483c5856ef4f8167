const { Emitter } = require('@socket.io/redis-emitter');
const { reports, shared } = require('./queues');
const { drainWebhooks } = require('./webhooks');

const emitter = new Emitter(shared.client);

reports.process(4, async (job) => {
  await job.progress(10);
  const res = await fetch(`https://app.metricly.example/api/usage?team=${job.data.team}`);
  emitter.to(`team:${job.data.team}`).emit('report', await res.json());
});

reports.on('failed', (job, err) => console.error(job.queue.name, job.id, err.message));

async function start() {
  await reports.add({ team: 'demo' }, { repeat: { cron: '0 6 * * 1' }, jobId: 'weekly' });
  setInterval(drainWebhooks, 30_000);
}

process.on('SIGTERM', async () => {
  await reports.close();
  process.exit(0);
});

start();
