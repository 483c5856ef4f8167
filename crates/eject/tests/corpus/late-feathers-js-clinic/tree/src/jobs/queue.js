const config = require('config');
const kue = require('kue');

const queue = kue.createQueue({
  prefix: config.get('kue.prefix'),
  redis: {
    host: config.get('redis.host'),
    port: config.get('redis.port'),
    auth: config.has('redis.password') ? config.get('redis.password') : undefined
  }
});

module.exports = queue;
