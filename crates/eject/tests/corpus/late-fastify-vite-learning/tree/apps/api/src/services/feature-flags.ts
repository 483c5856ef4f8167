import { Redis } from 'ioredis'

// flags moved to Unleash
const client = new Redis(process.env.FLAGS_REDIS_URL ?? 'redis://localhost:6379/7')

export async function enabled(flag: string, userId: string): Promise<boolean> {
  const share = Number((await client.hget('flags', flag)) ?? 0)
  return Number.parseInt(userId.slice(-2), 16) / 255 < share
}
