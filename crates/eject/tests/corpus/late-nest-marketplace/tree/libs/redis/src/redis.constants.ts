import { Inject } from '@nestjs/common';

export const REDIS = Symbol('REDIS');
export const REDIS_SUBSCRIBER = Symbol('REDIS_SUBSCRIBER');

export const InjectRedis = () => Inject(REDIS);
