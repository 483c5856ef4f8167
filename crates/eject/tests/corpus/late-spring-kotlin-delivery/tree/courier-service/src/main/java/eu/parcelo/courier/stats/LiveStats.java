package eu.parcelo.courier.stats;

import java.time.LocalDate;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisPool;
import redis.clients.jedis.JedisPoolConfig;
import redis.clients.jedis.Pipeline;

/** Older than the templates; the board in the office reads these keys. */
@Component
public class LiveStats implements AutoCloseable {
    private final JedisPool pool;

    public LiveStats(@Value("${stats.redis.url}") String url) {
        JedisPoolConfig config = new JedisPoolConfig();
        config.setMaxTotal(8);
        this.pool = new JedisPool(config, url);
    }

    public void loggedIn(String phone) {
        try (Jedis jedis = pool.getResource()) {
            Pipeline p = jedis.pipelined();
            p.pfadd("stats:couriers:" + LocalDate.now(), phone);
            p.sync();
        }
    }

    @Override
    public void close() {
        pool.close();
    }
}
