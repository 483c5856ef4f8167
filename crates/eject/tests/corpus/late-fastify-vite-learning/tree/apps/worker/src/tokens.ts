import type { InjectionToken } from 'tsyringe'
import type { RedisFactory } from '@tutorloop/kv'

export const FACTORY: InjectionToken<RedisFactory> = Symbol('RedisFactory')
export const CLOCK: InjectionToken<() => number> = Symbol('clock')
