import { error } from '@sveltejs/kit';
import { whoIsIn } from '$lib/server/presence';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ params, setHeaders }) => {
	if (!/^[a-z0-9-]+$/.test(params.room)) error(404);
	setHeaders({ 'cache-control': 'private, max-age=5' });
	return { users: await whoIsIn(params.room) };
};
