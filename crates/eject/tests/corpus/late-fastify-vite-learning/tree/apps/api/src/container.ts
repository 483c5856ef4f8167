import { asClass, asFunction, asValue, createContainer, InjectionMode } from 'awilix'
import { RedisFactory, ReadThrough } from '@tutorloop/kv'
import type { Redis } from 'ioredis'
import pg from 'pg'
import { LeaderboardService } from './services/leaderboard.service.js'
import { MagicLinkService } from './services/magic-link.service.js'
import { CertificateQueue } from './services/certificate-queue.js'
import { makeQueues, type Queues } from './jobs/queues.js'

export interface Course {
  id: string
  title: string
  lessons: string[]
}

export interface Cradle {
  pool: pg.Pool
  factory: RedisFactory
  redis: Redis
  queues: Queues
  courses: ReadThrough<Course>
  leaderboard: LeaderboardService
  magicLinks: MagicLinkService
  certificates: CertificateQueue
}

export const container = createContainer<Cradle>({ injectionMode: InjectionMode.PROXY, strict: true })

container.register({
  pool: asValue(new pg.Pool({ connectionString: process.env.DATABASE_URL })),
  factory: asFunction(() => new RedisFactory())
    .singleton()
    .disposer((factory) => factory.closeAll()),
  redis: asFunction(({ factory }: Cradle) => factory.shared('api')).singleton(),
  queues: asFunction(makeQueues).singleton(),
  courses: asFunction(({ redis }: Cradle) => new ReadThrough<Course>(redis, 'course', { ttl: 600 })).singleton(),
  leaderboard: asClass(LeaderboardService).singleton(),
  magicLinks: asClass(MagicLinkService).singleton(),
  certificates: asClass(CertificateQueue).singleton(),
})
