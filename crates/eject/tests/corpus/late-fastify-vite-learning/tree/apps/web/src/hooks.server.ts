import type { Handle } from '@sveltejs/kit';
import { RateLimiter } from 'sveltekit-rate-limiter/server';

const limiter = new RateLimiter({ IP: [60, 'm'] });

export const handle: Handle = async ({ event, resolve }) => {
	if (event.request.method === 'POST' && (await limiter.isLimited(event))) return new Response(null, { status: 429 });
	return resolve(event);
};
