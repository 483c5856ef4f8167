var Promise = require('bluebird');
var redis = Promise.promisifyAll(require('redis'));
var url = process.env.REDISTOGO_URL || 'redis://h:hunter2ToGohunter2@localhost:6379';

exports.client = redis.createClient(url);
exports.redlock = new (require('redlock'))([exports.client], { retryCount: 3 });
