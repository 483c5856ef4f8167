import { createClient } from 'redis';

const client = createClient({ url: process.env.REDIS_URL });
await client.connect();

export default class CacheHandler {
  async get(key) {
    const value = await client.get(`next:cache:${key}`);
    return value && JSON.parse(value);
  }

  async set(key, data, { tags = [] }) {
    await client.set(`next:cache:${key}`, JSON.stringify({ value: data, tags, lastModified: Date.now() }), { EX: 86_400 });
  }

  async revalidateTag(tag) {
    for await (const key of client.scanIterator({ MATCH: 'next:cache:*' })) {
      const entry = await this.get(key);
      if (entry?.tags.includes(tag)) await client.del(key);
    }
  }
}
