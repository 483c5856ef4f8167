'use strict';

var emitter = require('socket.io-emitter');
var queues = require('../lib/queues');
var redis = require('../lib/redis');
var Tracker = require('../lib/tracker');

var io = emitter(redis.named('emitter'));
var tracker = new Tracker(redis.named('default'));

queues.eta.process(async function (job) {
  var near = await tracker.near(job.data.lon, job.data.lat, 8);
  var minutes = near.length ? Math.ceil(near[0].km * 4) + 3 : null;
  io.to('parcel:' + job.data.parcel).emit('eta', { minutes: minutes });
  return minutes;
});

setInterval(function () {
  tracker.sweep(function () {});
}, 60 * 1000);
