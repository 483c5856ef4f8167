import { createRedis } from '@fleet/redis-kit'
import { config } from './config.js'

export const redis = createRedis('orchestrator', config.REDIS_URL)
export default redis
