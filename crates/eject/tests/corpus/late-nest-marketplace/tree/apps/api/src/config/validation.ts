import * as Joi from 'joi';

export const validationSchema = Joi.object({
  NODE_ENV: Joi.string().valid('development', 'test', 'production').default('development'),
  HTTP_PORT: Joi.number().port(),
  DATABASE_URL: Joi.string().uri({ scheme: 'postgres' }).required(),
  RABBIT_URL: Joi.string().uri({ scheme: ['amqp', 'amqps'] }).required(),
  REDIS_HOST: Joi.string().hostname().required(),
  REDIS_PORT: Joi.number().port().default(6379),
  REDIS_PASSWORD: Joi.string().allow(''),
  CACHE_URL: Joi.string().uri({ scheme: ['redis', 'rediss'] }).required(),
  SESSION_SECRET: Joi.string().min(16).required(),
});
