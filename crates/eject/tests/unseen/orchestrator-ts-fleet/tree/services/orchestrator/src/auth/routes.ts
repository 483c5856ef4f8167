import { Router } from 'express'
import { rateLimit } from 'express-rate-limit'
import { RedisStore } from 'rate-limit-redis'
import redis from '../redis.js'
import { issue, revokeFamily, rotate } from './tokens.js'
import { checkPassword } from './passwords.js'

export const auth = Router()

const loginLimit = rateLimit({
  windowMs: 15 * 60_000,
  limit: 10,
  standardHeaders: 'draft-7',
  // @ts-expect-error the types of ioredis and of the store differ
  store: new RedisStore({ prefix: 'rl:login:', sendCommand: (...args: string[]) => redis.call(...args) }),
})

auth.post('/login', loginLimit, async (req, res) => {
  const user = await checkPassword(req.body.email, req.body.password)
  if (!user) return void res.status(401).json({ error: 'invalid_credentials' })
  res.json(await issue(user.id))
})

auth.post('/refresh', async (req, res) => {
  const pair = await rotate(req.body.refreshToken)
  if (!pair) return void res.status(401).json({ error: 'token_reused' })
  res.json(pair)
})

auth.post('/logout', async (req, res) => {
  await revokeFamily(req.body.family)
  res.sendStatus(204)
})
