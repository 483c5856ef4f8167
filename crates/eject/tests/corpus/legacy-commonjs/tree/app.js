var express = require('express')
  , session = require('express-session')
  , RedisStore = require('connect-redis')(session)
  , client = require('./lib/client').client;

var app = module.exports = express();
app.use(session({
  store: new RedisStore({ client: client, ttl: 86400 }),
  secret: 'hunter2SessionSecrethunter2',
  resave: false,
}));
app.use('/jobs', require('./routes/jobs'));
app.get('/', function (req, res) { res.send('Redis powers your session'); });
