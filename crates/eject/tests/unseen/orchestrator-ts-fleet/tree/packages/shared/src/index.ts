import pino from 'pino'

export const logger = pino({
  level: process.env.LOG_LEVEL ?? 'info',
  redact: ['req.headers.authorization', '*.redisPassword'],
})

/** Remembers in this process alone, for what seldom changes. */
export function ttlMemo<T>(load: () => Promise<T>, ms: number): () => Promise<T> {
  let cached: { value: T; until: number } | undefined
  return async () => {
    if (cached && cached.until > Date.now()) return cached.value
    cached = { value: await load(), until: Date.now() + ms }
    return cached.value
  }
}
