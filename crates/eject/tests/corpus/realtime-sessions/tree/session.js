const session = require('express-session');
const RedisStore = require('connect-redis').default;
const { client } = require('./client');

exports.sessions = session({
  store: new RedisStore({ client, prefix: 'sess:' }),
  secret: process.env.SESSION_SECRET,
  resave: false,
  saveUninitialized: false,
});
