'use strict';

var cache = require('memory-cache');

module.exports = function pageCache(seconds) {
  return function (req, res, next) {
    var hit = cache.get(req.originalUrl);
    if (hit) return res.send(hit);
    var send = res.send.bind(res);
    res.send = function (body) {
      cache.put(req.originalUrl, body, seconds * 1000);
      return send(body);
    };
    next();
  };
};
