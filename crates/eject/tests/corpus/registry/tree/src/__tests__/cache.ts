import RedisMock from "ioredis-mock";
import { cache } from "../cache.js";

test("cache", async () => expect(await cache.load(new RedisMock().options.keyPrefix)).toBeNull());
