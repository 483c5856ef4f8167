import lruDriver from "unstorage/drivers/lru-cache";
import redisDriver from "unstorage/drivers/redis";

export default defineNitroPlugin(() => {
  const storage = useStorage();
  storage.mount("sessions", redisDriver({
    base: "sessions",
    url: useRuntimeConfig().redis.url,
    ttl: 86_400,
  }));
  storage.mount("rates", lruDriver({ max: 500 }));
});
