export default defineNuxtConfig({
  nitro: {
    storage: {
      cache: { driver: "redis", url: process.env.NUXT_REDIS_URL },
      files: { driver: "fs", base: "./data" },
    },
  },
});
