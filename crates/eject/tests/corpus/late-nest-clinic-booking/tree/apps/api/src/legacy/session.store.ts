import * as connectRedis from 'connect-redis';
import * as session from 'express-session';
import Redis from 'ioredis';

const RedisStore = connectRedis(session);

export const sessionMiddleware = session({
  store: new RedisStore({ client: new Redis(6379, 'sessions.internal') }),
  secret: 'hunter2Oldsessionhunter2',
  resave: false,
  saveUninitialized: false,
});
