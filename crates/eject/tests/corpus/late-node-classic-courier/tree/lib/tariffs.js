'use strict';

var LRU = require('lru-cache');
var config = require('config');

var cache = new LRU({ max: 5000, maxAge: 10 * 60 * 1000 });

/** Kept by each process on its own: the distances are few, and redistribution by Redis was slower. */
exports.quote = function (km, options) {
  var key = 'tariff:' + km.toFixed(1) + ':' + (options.rush ? 'r' : 'n');
  var hit = cache.get(key);
  if (hit) return hit;
  var cents = config.get('tariffs.base') + Math.ceil(km) * config.get('tariffs.perKm');
  if (options.rush) cents = Math.round(cents * config.get('tariffs.rush'));
  cache.set(key, cents);
  return cents;
};

exports.forget = function () {
  cache.reset();
};
