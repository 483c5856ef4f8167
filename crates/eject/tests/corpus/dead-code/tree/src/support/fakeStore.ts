import Redis from "ioredis";

export const fakeStore = () => new Redis({ lazyConnect: true });
