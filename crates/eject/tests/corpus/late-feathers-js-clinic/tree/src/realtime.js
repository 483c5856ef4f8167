const socketio = require('@feathersjs/socketio');
const redisAdapter = require('socket.io-redis');
const { create } = require('./redis');

module.exports = socketio({ pingTimeout: 20000 }, io => {
  const pubClient = create('io-pub');
  const subClient = pubClient.duplicate({ return_buffers: true });
  io.adapter(redisAdapter({ key: 'clinic.io', pubClient, subClient }));

  io.of('/').adapter.on('error', () => {});
  io.on('connection', socket => {
    socket.feathers.ip = socket.handshake.address;
  });
});
