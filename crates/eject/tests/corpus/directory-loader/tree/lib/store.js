const redis = require('redis');

exports.client = redis.createClient(process.env.REDISCLOUD_URL);
