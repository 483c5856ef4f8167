'use strict';

const bluebird = require('bluebird');
const config = require('config');
const redis = require('redis');
const logger = require('./logger');

bluebird.promisifyAll(redis.RedisClient.prototype);
bluebird.promisifyAll(redis.Multi.prototype);

function create(name) {
  var client = redis.createClient(Object.assign({}, config.get('redis'), {
    retry_strategy: function (options) {
      if (options.total_retry_time > 1000 * 60 * 60) return new Error('Retry time exhausted');
      return Math.min(options.attempt * 100, 3000);
    }
  }));
  client.on('error', err => logger.error('redis %s: %s', name, err.message));
  return client;
}

module.exports = create('main');
module.exports.create = create;
