'use strict';

var config = require('config');
var rateLimit = require('express-rate-limit');
var RateLimitStore = require('rate-limit-redis');
var client = require('./redis').named('limits');

module.exports = function limiter(name, options) {
  return rateLimit(Object.assign({
    windowMs: config.get('limits.windowMs'),
    max: config.get('limits.max'),
    store: new RateLimitStore({ client: client, prefix: 'limit:' + name + ':' }),
    keyGenerator: function (req) {
      return req.session && req.session.courier ? 'c' + req.session.courier : req.ip;
    },
  }, options));
};
