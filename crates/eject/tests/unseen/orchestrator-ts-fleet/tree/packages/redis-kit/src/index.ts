export { createRedis } from './client.js'

/** `key('totp', 'fail', id)` is `totp:fail:<id>`. Colons in parts would break SCAN patterns. */
export const key = (...parts: (string | number)[]) => parts.map((part) => String(part).replaceAll(':', '_')).join(':')
