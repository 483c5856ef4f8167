import { INestApplicationContext } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import { IoAdapter } from '@nestjs/platform-socket.io';
import { createAdapter } from '@socket.io/redis-adapter';
import { createClient } from 'redis';
import { Server, ServerOptions } from 'socket.io';

export class RedisIoAdapter extends IoAdapter {
  private factory?: ReturnType<typeof createAdapter>;

  constructor(app: INestApplicationContext) {
    super(app);
  }

  async connectToRedis(config: ConfigService): Promise<void> {
    const { host, port, password } = config.getOrThrow('redis');
    const url = config.get('WS_REDIS_URL') ?? `redis://${host}:${port}`;
    const pub = createClient({ url, password });
    const sub = pub.duplicate();
    pub.on('error', () => process.exit(1));
    await Promise.all([pub.connect(), sub.connect()]);
    this.factory = createAdapter(pub, sub, { key: 'clinic-ws' });
  }

  createIOServer(port: number, options?: ServerOptions): Server {
    const server: Server = super.createIOServer(port, options);
    server.adapter(this.factory!);
    return server;
  }
}
