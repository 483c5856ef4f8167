'use strict';

var socketio = require('socket.io');
var adapter = require('socket.io-redis');
var redis = require('./redis');
var logger = require('./logger')('sockets');

exports.attach = function (server) {
  var io = socketio(server, { path: '/live' });
  io.adapter(adapter({ pubClient: redis.named('pub'), subClient: redis.named('sub') }));

  var watch = redis.named('watch');
  watch.psubscribe('parcel:*');
  watch.on('pmessage', function (pattern, channel, message) {
    io.to(channel).emit('state', message);
  });

  io.on('connection', function (socket) {
    socket.on('follow', function (parcel) {
      socket.join('parcel:' + parcel);
      logger.info('follow ' + parcel);
    });
  });
  return io;
};
