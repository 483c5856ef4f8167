'use strict';

var config = require('config');
var session = require('express-session');
var RedisStore = require('connect-redis')(session);
var redis = require('./redis');

module.exports = function () {
  var store = config.get('session.ttl') > 0
    ? new RedisStore({ client: redis.named('sessions'), ttl: config.get('session.ttl'), prefix: 'sid:' })
    : new session.MemoryStore();

  return session({
    store: store,
    secret: config.get('session.secret'),
    resave: false,
    saveUninitialized: false,
    cookie: { maxAge: config.get('session.ttl') * 1000, sameSite: 'lax' },
  });
};
