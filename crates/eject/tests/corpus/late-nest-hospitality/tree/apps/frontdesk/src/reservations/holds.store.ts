import { Inject, Injectable } from '@nestjs/common';
import { Redis } from 'ioredis';
import { REDIS } from '@hotel/shared';

const MINUTES = Number(process.env.HOLD_MINUTES ?? 15);

/** A room is held for a guest who is still filling in the form. */
@Injectable()
export class HoldStore {
  @Inject(REDIS)
  private readonly redis!: Redis;

  async hold(room: string, night: string, guest: string): Promise<boolean> {
    const key = `holds:${night}:${room}`;
    const taken = await this.redis.set(key, guest, 'EX', MINUTES * 60, 'NX');
    if (taken === 'OK') {
      await this.redis.sadd(`holds:${night}`, room);
      return true;
    }
    return (await this.redis.get(key)) === guest;
  }

  async held(night: string): Promise<string[]> {
    const rooms = await this.redis.smembers(`holds:${night}`);
    if (rooms.length === 0) return [];
    const guests = await this.redis.mget(rooms.map((room) => `holds:${night}:${room}`));
    return rooms.filter((_, i) => guests[i] !== null);
  }

  async release(room: string, night: string): Promise<void> {
    await this.redis.multi().del(`holds:${night}:${room}`).srem(`holds:${night}`, room).exec();
  }
}
