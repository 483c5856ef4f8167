import { createContainer, asFunction, asClass } from 'awilix';
import { makeRedis } from './redis.js';
import { Presence } from './presence.js';
import { makeOtp } from './otp.js';
import { Settings } from './settings.js';

const container = createContainer();
container.register({
  redis: asFunction(makeRedis).singleton(),
  presence: asClass(Presence).singleton(),
  otp: asFunction(makeOtp).singleton(),
  settings: asClass(Settings).singleton(),
});
container.resolve('presence').touch('u1');
