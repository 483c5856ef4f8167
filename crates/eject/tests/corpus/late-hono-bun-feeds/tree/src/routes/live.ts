import { Hono } from 'hono'
import { createBunWebSocket } from 'hono/bun'
import type { Server } from 'bun'
import { open } from '#kv/connection'

export const { upgradeWebSocket, websocket } = createBunWebSocket()

// Browsers subscribe to a topic of Bun's server; between machines Redis carries it.
export const liveRoutes = new Hono().get(
  '/',
  upgradeWebSocket(() => ({
    onOpen: (_event, ws) => (ws.raw as unknown as { subscribe(topic: string): void }).subscribe('items'),
    onMessage: (event, ws) => ws.send(`pong ${event.data}`),
  })),
)

export async function bridge(server: Server) {
  const subscriber = await open('bridge')
  await subscriber.pSubscribe('items:*', (message, channel) => {
    server.publish('items', JSON.stringify({ feed: channel.slice(6), message }))
  })
  return () => subscriber.pUnsubscribe('items:*')
}
