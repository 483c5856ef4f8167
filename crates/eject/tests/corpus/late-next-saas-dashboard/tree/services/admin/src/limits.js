const { rateLimit } = require('express-rate-limit');
const { RedisStore } = require('rate-limit-redis');

// assets: a count in this process will do
exports.assetLimiter = rateLimit({ windowMs: 60_000, limit: 600 });

exports.loginLimiter = (client) =>
  rateLimit({
    windowMs: 15 * 60_000,
    limit: 10,
    standardHeaders: 'draft-7',
    store: new RedisStore({
      prefix: 'rl:login:',
      sendCommand: (...args) => client.sendCommand(args),
    }),
  });
