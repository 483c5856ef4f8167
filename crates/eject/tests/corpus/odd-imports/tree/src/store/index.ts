import { Redis as K, type RedisOptions as O } from "ioredis";

const options: O = { host: process.env["REDIS_" + "HOST"] };
const instance = new K(options);
export { instance as kv };
export default instance;
export const version = "1";
