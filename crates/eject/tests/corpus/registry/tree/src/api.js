/** What the parts share. */
export const api = { stores: undefined, counters: new Map() };
