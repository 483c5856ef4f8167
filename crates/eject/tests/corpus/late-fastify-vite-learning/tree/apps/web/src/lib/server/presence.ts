import { building } from '$app/environment';
import { env } from '$env/dynamic/private';
import Redis from 'ioredis';

let client: Redis | undefined;

function kv(): Redis {
	if (building) throw new Error('not while building');
	client ??= new Redis(env.PRESENCE_REDIS_URL || 'redis://localhost:6379/3', { maxRetriesPerRequest: 1 });
	return client;
}

export async function whoIsIn(room: string): Promise<string[]> {
	const seen = await kv().hgetall(`presence:${room}`);
	const limit = Date.now() - 90_000;
	return Object.keys(seen).filter((user) => Number(seen[user]) > limit);
}
