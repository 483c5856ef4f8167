'use strict'

var redis = require('redis')

var client = redis.createClient(6380, process.env.AUDIT_REDIS_HOST, {
  auth_pass: process.env.AUDIT_REDIS_KEY,
  tls: { servername: process.env.AUDIT_REDIS_HOST },
  retry_strategy: function (o) { return o.attempt > 20 ? new Error('gave up') : 500 }
})

client.on('error', function (err) { console.error('redis', err.code) })

exports.append = function (car, driver, done) {
  client.xadd('audit', 'MAXLEN', '~', 100000, '*', 'car', car, 'driver', driver, done)
}

exports.last = function (n, done) {
  client.xrevrange('audit', '+', '-', 'COUNT', n, function (err, rows) {
    if (err) return done(err)
    done(null, rows.map(function (r) { return { id: r[0], car: r[1][1], driver: r[1][3] } }))
  })
}
