const express = require('express');
const session = require('express-session');
const RedisStore = require('connect-redis').default;
const { createClient } = require('redis');
const { loginLimiter, assetLimiter } = require('./limits');

async function main() {
  const redis = await createClient({ url: process.env.REDIS_URL }).on('error', console.error).connect();

  const app = express();
  app.set('trust proxy', 1);
  app.use('/assets', assetLimiter, express.static('public'));
  app.use(
    session({
      name: 'metricly.admin',
      secret: process.env.SESSION_SECRET || 'hunter2Adminsessionhunter2',
      store: new RedisStore({ client: redis, prefix: 'admin:sess:', ttl: 8 * 3600 }),
      resave: false,
      saveUninitialized: false,
      cookie: { secure: 'auto', sameSite: 'lax' },
    }),
  );

  app.post('/login', loginLimiter(redis), express.urlencoded({ extended: false }), (req, res) => {
    req.session.user = req.body.user;
    res.redirect('/');
  });

  app.get('/', (req, res) => {
    if (!req.session.user) return res.redirect('/login.html');
    res.sendFile('index.html', { root: 'views' });
  });

  app.post('/logout', (req, res, next) => {
    req.session.destroy((err) => (err ? next(err) : res.redirect('/login.html')));
  });

  app.listen(process.env.PORT || 4100);
}

main();
