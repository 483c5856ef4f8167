const RateLimit = require('express-rate-limit');
const LimitStore = require('rate-limit-redis');
const _ = require('lodash');
const redis = require('../redis');

const limit = _.partial(_.defaults, _, { windowMs: 15 * 60 * 1000, headers: true });

// one server is enough to slow down searches
const searches = new RateLimit(limit({ max: 50 }));

module.exports = function (app) {
  app.use(new RateLimit(limit({
    max: 1000,
    store: new LimitStore({ client: redis, expiry: 15 * 60, prefix: 'clinic:rl:' })
  })));
  app.use('/patients', searches);

  app.post('/login', function (req, res, next) {
    const key = 'clinic:login:' + _.toLower(req.body.email);
    redis.multi([
      ['incr', key],
      ['expire', key, 900]
    ]).exec(function (err, replies) {
      if (err) return next(err);
      if (replies[0] > 5) return res.status(429).json({ message: 'locked for a while' });
      next();
    });
  });
};
