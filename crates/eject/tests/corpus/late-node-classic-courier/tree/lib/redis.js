'use strict';

var async = require('async');
var config = require('config');
var redis = require('redis');
var logger = require('./logger')('redis');

var clients = Object.create(null);

function retry(attempt) {
  if (attempt.error && attempt.error.code === 'NOAUTH') return attempt.error;
  if (attempt.total_retry_time > 1000 * 60 * 10) return new Error('gave up after ten minutes');
  return Math.min(attempt.attempt * 150, 5000);
}

/**
 * The client of that name, which is made when it is first asked for. Who subscribes takes a name of his own,
 * since a client that has subscribed takes no other commands.
 */
exports.named = function named(name) {
  if (!clients[name]) {
    clients[name] = redis.createClient(Object.assign({ retry_strategy: retry }, config.get('redis')));
    clients[name].on('error', function (err) {
      logger.error(name + ': ' + err.message);
    });
  }
  return clients[name];
};

exports.closeAll = function closeAll(done) {
  async.each(Object.keys(clients), function (name, next) {
    clients[name].quit(function (err) {
      delete clients[name];
      next(err);
    });
  }, done);
};
