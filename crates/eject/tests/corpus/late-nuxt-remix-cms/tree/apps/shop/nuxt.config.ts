export default defineNuxtConfig({
  compatibilityDate: "2024-12-01",
  runtimeConfig: {
    redis: { url: process.env.NUXT_REDIS_URL ?? "redis://localhost:6379" },
    public: { currency: "EUR" },
  },
  nitro: {
    storage: {
      carts: { driver: "redis", url: process.env.NUXT_REDIS_URL, base: "carts", ttl: 604_800 },
      cache: {
        driver: "redis",
        host: process.env.NUXT_REDIS_HOST,
        port: 6379,
        tls: process.env.NUXT_REDIS_TLS ? {} : undefined,
      },
      translations: { driver: "fs", base: "./data/translations" },
    },
    devStorage: {
      cache: { driver: "memory" },
    },
  },
  routeRules: {
    "/products/**": { swr: 600 },
  },
});
