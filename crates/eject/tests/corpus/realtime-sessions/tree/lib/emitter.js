const { Emitter } = require('@socket.io/redis-emitter');
const { createClient } = require('redis');

exports.tick = () => new Emitter(createClient()).emit('tick');
