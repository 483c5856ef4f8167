'use strict';

var Queue = require('bull');
var Redis = require('ioredis');
var config = require('config');

var options = Object.assign({}, config.get('redis'));
var shared = new Redis(options);
var subscriber = new Redis(options);

/** Bull opens three connections for each queue; of these two can be shared. */
function createClient(type) {
  switch (type) {
    case 'client': return shared;
    case 'subscriber': return subscriber;
    default: return new Redis(options);
  }
}

function make(name, limiter) {
  return new Queue(name, {
    createClient: createClient,
    limiter: limiter,
    defaultJobOptions: { attempts: 3, backoff: { type: 'exponential', delay: 2000 }, removeOnComplete: true },
  });
}

exports.labels = make('labels');
exports.eta = make('eta', { max: 50, duration: 1000 });
