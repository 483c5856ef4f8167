import { Button } from "redis-ui";

const MESSAGES = {
  down: "Redis is down for maintenance",
  help: 'Run "redis-cli ping" to see whether the cache answers',
};

export const ui = () => (
  <section title="Connect to Redis">
    {/* <RedisStatus url={process.env.REDIS_URL} /> */}
    <p>We moved off Redis and MongoDB.</p>
    {MESSAGES.down} {MESSAGES.help} {Button("Bull market: new Queue of ioredis fans")}
  </section>
);
