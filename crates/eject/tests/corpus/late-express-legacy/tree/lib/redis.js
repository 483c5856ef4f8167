'use strict';

var redis = require('redis');
var promisify = require('util').promisify;
var config = require('config');
var log = require('./log');

var client = redis.createClient({
  host: config.get('redis.host'),
  port: config.get('redis.port'),
  password: config.has('redis.password') ? config.get('redis.password') : undefined,
  retry_strategy: function (options) {
    return Math.min(options.attempt * 100, 3000);
  }
});

client.on('error', function (err) {
  log.error('redis: %s', err.message);
});

exports.client = client;
exports.getAsync = promisify(client.get).bind(client);
exports.setexAsync = promisify(client.setex).bind(client);
exports.delAsync = promisify(client.del).bind(client);
exports.connect = function () {
  return client.duplicate();
};
