const { createClient } = require('redis');

exports.client = createClient({ socket: { host: process.env.REDIS_HOST, tls: true }, password: process.env.REDIS_PASSWORD });
exports.client.connect().catch(console.error);
