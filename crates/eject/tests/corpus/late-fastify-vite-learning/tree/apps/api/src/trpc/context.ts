import type { CreateFastifyContextOptions } from '@trpc/server/adapters/fastify'
import type { Cradle } from '../container.js'

export function createContext({ req }: CreateFastifyContextOptions) {
  return { session: req.session, ip: req.ip, di: req.diScope.cradle as Cradle }
}

export type Context = Awaited<ReturnType<typeof createContext>>
