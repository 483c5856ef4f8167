// About four characters make a token; the provider bills by its own count.
const perCharacter = 0.25;
const cache = new WeakMap<object, number>();

export function estimateTokens(prompt: string): number {
	return Math.ceil(prompt.length * perCharacter);
}

export function estimateMessages(messages: { content: string }[]): number {
	const known = cache.get(messages);
	if (known !== undefined) return known;
	const sum = messages.reduce((n, m) => n + estimateTokens(m.content) + 4, 0);
	cache.set(messages, sum);
	return sum;
}
