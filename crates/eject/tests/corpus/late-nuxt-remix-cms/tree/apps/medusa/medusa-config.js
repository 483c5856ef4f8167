const dotenv = require("dotenv");

dotenv.config({ path: process.cwd() + "/.env" });

const DATABASE_URL = process.env.DATABASE_URL || "postgres://localhost/medusa";
const REDIS_URL = process.env.REDIS_URL || "redis://localhost:6379";

const plugins = [{ resolve: "@medusajs/file-local", options: { upload_dir: "uploads" } }];

const modules = {
  eventBus: {
    resolve: "@medusajs/event-bus-redis",
    options: { redisUrl: REDIS_URL },
  },
  cacheService: {
    resolve: "@medusajs/cache-redis",
    options: { redisUrl: REDIS_URL, ttl: 30 },
  },
};

const projectConfig = {
  jwt_secret: process.env.JWT_SECRET,
  database_url: DATABASE_URL,
  redis_url: REDIS_URL,
};

module.exports = { projectConfig, plugins, modules };
