import { createServer } from 'node:http';
import { createYoga } from 'graphql-yoga';
import { Container } from './container.js';
import { env } from './env.js';
import { persisted } from './plugins/persisted.js';
import { rateLimits } from './plugins/rateLimits.js';
import { responseCache } from './plugins/responseCache.js';
import { schema } from './schema/index.js';

const container = new Container();

const yoga = createYoga({
  schema,
  context: ({ request }) => container.contextFor(request),
  plugins: [
    ...persisted(container.redis),
    rateLimits(container.redis),
    responseCache(container.responses),
  ],
  healthCheckEndpoint: '/health',
});

const server = createServer(yoga);
server.listen(env.PORT, () => console.info(`http://localhost:${env.PORT}/graphql`));
await container.jobs.start();

async function stop(signal: NodeJS.Signals) {
  console.info(signal);
  server.close();
  await container.jobs.stop();
  await container.pubsub.close();
  container.redis.disconnect();
}

process.once('SIGTERM', stop);
process.once('SIGINT', stop);
