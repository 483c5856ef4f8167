import { createServer } from 'node:http'
import { createAdapter } from '@socket.io/redis-adapter'
import { createClient } from 'redis'
import { Server } from 'socket.io'

const pub = createClient({ url: process.env.REDIS_URL, pingInterval: 30_000 })
const sub = pub.duplicate()
const presence = createClient({ url: process.env.PRESENCE_REDIS_URL ?? process.env.REDIS_URL })
for (const client of [pub, sub, presence]) client.on('error', (err) => console.error(err))
await Promise.all([pub.connect(), sub.connect(), presence.connect()])

const http = createServer()
const io = new Server(http, {
  cors: { origin: process.env.CORS_ORIGIN },
  adapter: createAdapter(pub, sub, { requestsTimeout: 4_000 }),
})

io.on('connection', async (socket) => {
  const { room, user } = socket.handshake.auth as { room: string; user: string }
  await socket.join(room)
  await presence.hSet(`presence:${room}`, user, Date.now())
  socket.to(room).emit('joined', user)
  socket.on('disconnect', () => void presence.hDel(`presence:${room}`, user))
})

http.listen(3100)
