export class Presence {
  constructor({ redis }) {
    this.redis = redis;
  }

  async touch(user) {
    await this.redis.zadd('presence', Date.now(), user);
    await this.redis.publish('presence', user);
  }

  async online() {
    return this.redis.zrangebyscore('presence', Date.now() - 30_000, '+inf');
  }
}
