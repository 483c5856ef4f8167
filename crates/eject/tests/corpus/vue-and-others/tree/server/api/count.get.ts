export default defineEventHandler(async () => ({ count: await useRedis().incr("count") }));
