'use strict';

var _ = require('lodash');
var redis = require('../redis');

var PREFIX = 'clinic:cache:';

function Cache(namespace, ttl) {
  if (!(this instanceof Cache)) return new Cache(namespace, ttl);
  this.namespace = namespace;
  this.ttl = ttl || 60;
  this.client = redis;
  _.bindAll(this, ['get', 'set', 'wrap']);
}

Cache.prototype.key = function (id) {
  return PREFIX + this.namespace + ':' + id;
};

Cache.prototype.get = function (id, cb) {
  this.client.get(this.key(id), function (err, raw) {
    if (err) return cb(err);
    cb(null, raw ? _.attempt(JSON.parse, raw) : undefined);
  });
};

Cache.prototype.set = function (id, value, cb) {
  this.client.setex(this.key(id), this.ttl, JSON.stringify(value), cb || _.noop);
};

Cache.prototype.wrap = function (id, load, cb) {
  var self = this;
  self.get(id, function (err, hit) {
    if (!err && hit !== undefined) return cb(null, hit);
    load(function (err, value) {
      if (err) return cb(err);
      self.set(id, value);
      cb(null, value);
    });
  });
};

/** Deletes what begins with the prefix, 100 keys at a time. */
Cache.prototype.clear = function (cb) {
  var client = this.client;
  var pattern = this.key('*');
  (function next(cursor) {
    client.scan(cursor, 'MATCH', pattern, 'COUNT', 100, function (err, reply) {
      if (err) return cb(err);
      var keys = reply[1];
      if (keys.length) client.del(keys, _.noop);
      if (reply[0] === '0') return cb();
      next(reply[0]);
    });
  })('0');
};

module.exports = Cache;
