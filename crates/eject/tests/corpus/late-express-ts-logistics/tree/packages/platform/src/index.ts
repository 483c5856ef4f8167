export { loadConfig, type AppConfig } from "./config.js";
export { createLogger, type Logger } from "./logger.js";
export { RedisRegistry, type ConnectionRole } from "./redis/registry.js";
export { registerScripts, type ScriptedRedis } from "./redis/scripts.js";
export { Mutex, LockTimeout } from "./mutex.js";
export { TtlMap } from "./ttl-map.js";
