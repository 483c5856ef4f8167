'use strict';

var util = require('util');

var STALE = 5 * 60 * 1000;

/** Where the couriers are. The client is handed in, so that a test can give another. */
function Tracker(client) {
  this.client = client;
  this.georadius = util.promisify(client.georadius).bind(client);
}

Tracker.prototype.move = function (courier, lon, lat, done) {
  this.client
    .multi()
    .geoadd('couriers:geo', lon, lat, courier)
    .zadd('couriers:seen', Date.now(), courier)
    .exec(done);
};

Tracker.prototype.near = async function (lon, lat, km) {
  var found = await this.georadius('couriers:geo', lon, lat, km, 'km', 'WITHDIST', 'ASC', 'COUNT', 10);
  return found.map(function (pair) {
    return { courier: Number(pair[0]), km: Number(pair[1]) };
  });
};

Tracker.prototype.sweep = function (done) {
  var self = this;
  self.client.zrangebyscore('couriers:seen', '-inf', Date.now() - STALE, function (err, stale) {
    if (err || stale.length === 0) return done(err, 0);
    self.client.zrem('couriers:geo', stale, function (err) {
      if (err) return done(err);
      self.client.zrem('couriers:seen', stale, done);
    });
  });
};

module.exports = Tracker;
