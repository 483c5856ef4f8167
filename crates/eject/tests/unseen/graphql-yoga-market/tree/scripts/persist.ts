// Reads the manifest that the clients' build writes, and makes its operations known to the servers.
import { readFile } from 'node:fs/promises';
import Redis from 'ioredis';

const manifest: Record<string, string> = JSON.parse(await readFile(process.argv[2] ?? 'persisted.json', 'utf8'));
const redis = new Redis(process.env.REDIS_URL!, { keyPrefix: process.env.REDIS_KEY_PREFIX ?? 'market:' });

const batch = redis.pipeline();
for (const [id, text] of Object.entries(manifest)) batch.hsetnx('persisted', id, text);
await batch.exec();
console.log(`${Object.keys(manifest).length} operations`);
await redis.quit();
