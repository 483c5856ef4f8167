import { writable } from 'svelte/store';

export const session = writable<{ userId: string } | null>(null);
session.subscribe((value) => globalThis.sessionStorage?.setItem('session', JSON.stringify(value)));

/** `/predis/…` is the old name of the previews of discussions. */
export const discussions = writable(new Map<string, string>());
