'use strict';

var socketio = require('socket.io');
var adapter = require('socket.io-redis');
var redis = require('./redis');
var log = require('./log');

exports.attach = function (server) {
  var io = socketio(server, { transports: ['websocket'] });
  io.adapter(adapter({ pubClient: redis.connect(), subClient: redis.connect() }));

  var sub = redis.connect();
  sub.subscribe('tickets:sold');
  sub.on('message', function (channel, message) {
    io.to('event:' + JSON.parse(message).event).emit('sold', message);
  });

  io.on('connection', function (socket) {
    socket.on('watch', function (event) { socket.join('event:' + event); });
    log.debug('socket %s', socket.id);
  });
};
