import type { NextApiRequest, NextApiResponse } from 'next'
import { redis, withLimit } from '../../lib/limit'

async function handler(req: NextApiRequest, res: NextApiResponse) {
  const p = redis.pipeline()
  p.hgetall(`fleet:${req.query.id}`)
  p.scard(`alerts:${req.query.id}`)
  const [fleet, alerts] = await p.exec()
  res.json({ fleet, alerts })
}

export default withLimit(handler)
