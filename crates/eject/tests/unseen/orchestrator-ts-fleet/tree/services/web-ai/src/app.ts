import Fastify from 'fastify';
import rateLimit from '@fastify/rate-limit';
import fastifyRedis from '@fastify/redis';
import { estimateTokens } from './tokens';

export async function build() {
	const app = Fastify({ logger: true, trustProxy: 1 });

	await app.register(fastifyRedis, { url: process.env.REDIS_URL, closeClient: true });
	await app.register(rateLimit, {
		global: true,
		max: 120,
		timeWindow: '1 minute',
		redis: app.redis,
		nameSpace: 'web-ai:',
		skipOnError: true,
	});

	app.post<{ Body: { user: string; prompt: string } }>('/chat', async (req, reply) => {
		const cost = estimateTokens(req.body.prompt);
		if (cost > 8_000) return reply.code(413).send({ error: 'prompt_too_long', cost });
		await app.redis.lpush(`history:${req.body.user}`, req.body.prompt);
		return { answer: `You said: ${req.body.prompt}` };
	});

	return app;
}

build().then((app) => app.listen({ port: 4400, host: '0.0.0.0' }));
