const { createAdapter } = require('@socket.io/redis-adapter');
const { client } = require('./client');

exports.attach = async (io) => {
  const subscriber = client.duplicate();
  await subscriber.connect();
  await subscriber.subscribe('control', (message) => console.log(message));
  io.adapter(createAdapter(client, subscriber));
};
