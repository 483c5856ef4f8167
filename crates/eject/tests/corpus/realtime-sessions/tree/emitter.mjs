import { Emitter } from '@socket.io/redis-emitter';
import { createClient } from 'redis';

const client = createClient();
new Emitter(client).emit('tick');
