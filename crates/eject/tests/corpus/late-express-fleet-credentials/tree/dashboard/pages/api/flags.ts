import { kv } from '@vercel/kv'
import type { NextApiRequest, NextApiResponse } from 'next'

export default async function flags(_req: NextApiRequest, res: NextApiResponse) {
  res.json((await kv.get<Record<string, boolean>>('flags')) ?? {})
}
