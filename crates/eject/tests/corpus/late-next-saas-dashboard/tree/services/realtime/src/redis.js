import { createClient } from 'redis';
import pino from 'pino';

const log = pino({ name: 'redis' });

export const client = createClient({
  url: process.env.REDIS_URL ?? 'redis://localhost:6379',
  socket: { reconnectStrategy: (n) => Math.min(n * 50, 2_000) },
});
export const sub = client.duplicate();

for (const c of [client, sub]) {
  c.on('error', (err) => log.error({ err }, 'redis went away'));
}

export async function connect() {
  await Promise.all([client.connect(), sub.connect()]);
}

export async function disconnect() {
  await Promise.allSettled([client.quit(), sub.quit()]);
}
