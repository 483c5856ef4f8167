import { RedisPubSub } from 'graphql-redis-subscriptions';
import { connect } from './redis.js';

const date = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;
const reviver = (_key: string, value: unknown) => (typeof value === 'string' && date.test(value) ? new Date(value) : value);

export function createPubSub(): RedisPubSub {
  return new RedisPubSub({
    publisher: connect('publisher', { keyPrefix: '' }),
    subscriber: connect('subscriber', { keyPrefix: '' }),
    reviver,
  });
}
