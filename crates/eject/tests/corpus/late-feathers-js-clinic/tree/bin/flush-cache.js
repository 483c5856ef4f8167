#!/usr/bin/env node
const async = require('async');
const Cache = require('../src/lib/cache');
const redis = require('../src/redis');

async.each(process.argv.slice(2), (namespace, cb) => new Cache(namespace).clear(cb), err => {
  if (err) console.error(err.message);
  redis.quit();
});
