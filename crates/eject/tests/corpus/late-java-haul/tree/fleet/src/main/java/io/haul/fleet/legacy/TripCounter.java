package io.haul.fleet.legacy;

import io.haul.fleet.config.RedisProperties;
import java.util.List;
import org.springframework.stereotype.Component;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisPool;
import redis.clients.jedis.JedisPoolConfig;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.params.SetParams;

/** Is older than the reactive part. */
@Component
public class TripCounter {
    private final JedisPool pool;

    public TripCounter(RedisProperties properties) {
        var config = new JedisPoolConfig();
        config.setMaxTotal(16);
        pool = new JedisPool(config, properties.host(), properties.port(), 2000, properties.password());
    }

    public long started(String truck) {
        try (Jedis jedis = pool.getResource()) {
            return jedis.incr("trips:" + truck);
        }
    }

    public void reset(List<String> trucks) {
        try (Jedis jedis = pool.getResource()) {
            Pipeline pipeline = jedis.pipelined();
            trucks.forEach(truck -> pipeline.del("trips:" + truck));
            pipeline.sync();
        }
    }

    public boolean once(String key) {
        try (Jedis jedis = pool.getResource()) {
            return "OK".equals(jedis.set("once:" + key, "1", SetParams.setParams().nx().ex(60)));
        }
    }
}
