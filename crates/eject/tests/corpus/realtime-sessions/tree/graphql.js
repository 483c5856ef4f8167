const { RedisPubSub } = require('graphql-redis-subscriptions');

exports.pubsub = new RedisPubSub({ connection: process.env.REDIS_URL });
