import { createServer } from 'node:http';
import { createAdapter } from '@socket.io/redis-adapter';
import pino from 'pino';
import { Server } from 'socket.io';
import { client, connect, disconnect, sub } from './redis.js';
import { arrive, leave, online } from './presence.js';

const log = pino({ name: 'realtime' });
const http = createServer((req, res) => {
  res.writeHead(client.isReady ? 200 : 503).end();
});

await connect();

const io = new Server(http, {
  cors: { origin: process.env.WEB_ORIGIN },
  adapter: createAdapter(client, sub.duplicate(), { key: 'metricly' }),
});

io.on('connection', async (socket) => {
  const { team, user } = socket.handshake.auth;
  socket.join(`team:${team}`);
  await arrive(team, user);
  io.to(`team:${team}`).emit('online', await online(team));

  socket.on('disconnect', () => leave(team, user));
});

http.listen(Number(process.env.PORT ?? 4000), () => log.info('listening'));

process.once('SIGTERM', async () => {
  io.close();
  await disconnect();
});
