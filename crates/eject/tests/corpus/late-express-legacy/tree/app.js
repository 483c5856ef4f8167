'use strict';

var express = require('express');
var session = require('express-session');
var RedisStore = require('connect-redis')(session);
var bodyParser = require('body-parser');
var config = require('config');
var kue = require('kue');
var redis = require('./lib/redis');
var rateLimit = require('./middleware/rateLimit');
var throttle = require('./middleware/throttle');
var pageCache = require('./middleware/pageCache');

var app = express();

app.set('trust proxy', 1);
app.use(bodyParser.json());
app.use(session({
  name: 'sid',
  secret: config.get('session.secret'),
  store: new RedisStore({ client: redis.client, ttl: config.get('session.ttl'), prefix: 'sess:' }),
  resave: false,
  saveUninitialized: false
}));

app.use('/api', rateLimit);
app.use('/login', throttle(5, 60));
app.use('/events', pageCache(config.get('cache.pages')), require('./routes/events'));
app.use('/tickets', require('./routes/tickets'));
app.use('/admin/jobs', kue.app);

module.exports = app;
