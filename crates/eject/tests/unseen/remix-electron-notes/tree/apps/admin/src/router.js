'use strict'

const Router = require('@koa/router')
const cron = require('node-cron')
const { Pool } = require('pg')
const redis = require('./redis')

const router = new Router()
const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: 5 })

// Expired rows of the old table; what is in the other store goes by itself.
cron.schedule('0 3 * * *', () => pool.query('delete from sessions where expires_at < now()'))

router.get('/stats', async (ctx) => {
  const info = await redis.info('memory')
  const { rows } = await pool.query('select count(*) from notes')
  ctx.body = { notes: Number(rows[0].count), memory: /used_memory_human:(\S+)/.exec(info)[1] }
})

router.delete('/sessions/:user', async (ctx) => {
  await pool.query('delete from sessions where user_id = $1', [ctx.params.user])
  ctx.status = 204
})

module.exports = router
