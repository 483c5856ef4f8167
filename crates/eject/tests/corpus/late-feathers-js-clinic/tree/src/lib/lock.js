const uuid = require('uuid/v4');
const redis = require('../redis');

const release = 'if redis.call("get", KEYS[1]) == ARGV[1] then return redis.call("del", KEYS[1]) else return 0 end';

module.exports = async function lock(name, ms, fn) {
  const key = `clinic:lock:${name}`;
  const token = uuid();
  const ok = await redis.setAsync(key, token, 'PX', ms, 'NX');
  if (!ok) return null;
  try {
    return await fn();
  } finally {
    await redis.evalAsync(release, 1, key, token);
  }
};
