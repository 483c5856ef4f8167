const session = require('express-session');
const RedisStore = require('connect-redis')(session);
const client = require('../redis');

module.exports = function (app) {
  const { secret, ttl } = app.get('session');

  app.use(session({
    name: 'clinic.sid',
    secret,
    resave: false,
    saveUninitialized: false,
    store: new RedisStore({ client, ttl, prefix: 'clinic:sess:' }),
    cookie: { secure: 'auto', maxAge: ttl * 1000 }
  }));
};
