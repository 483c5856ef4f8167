'use strict'

const Koa = require('koa')
const session = require('koa-session')
const ratelimit = require('koa-ratelimit')
const redisStore = require('koa-redis')
const config = require('config')
const redis = require('./redis')
const router = require('./router')

const app = new Koa({ proxy: true, keys: config.get('keys') })

app.use(
  ratelimit({
    driver: 'redis',
    db: redis,
    duration: 60000,
    max: 100,
    id: (ctx) => ctx.ip,
    errorMessage: 'Slow down.',
  })
)

app.use(
  session(
    {
      key: 'notes.admin',
      maxAge: 8 * 3600 * 1000,
      rolling: true,
      store: redisStore({ client: redis }),
    },
    app
  )
)

app.use(
  ratelimit({
    driver: 'memory',
    db: new Map(),
    duration: 1000,
    max: 20,
    id: (ctx) => ctx.session.userId,
  })
)

app.use(router.routes())

if (require.main === module) app.listen(config.get('port'))
module.exports = app
