'use strict';

var client = require('../lib/redis').client;

module.exports = function throttle(limit, seconds) {
  return function (req, res, next) {
    var key = 'throttle:' + req.ip;
    client.multi().incr(key).expire(key, seconds).exec(function (err, replies) {
      if (err) return next(err);
      if (replies[0] > limit) return res.status(429).end();
      next();
    });
  };
};
