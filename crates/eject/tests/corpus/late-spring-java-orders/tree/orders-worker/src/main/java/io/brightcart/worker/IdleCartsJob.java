package io.brightcart.worker;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import net.javacrumbs.shedlock.spring.annotation.SchedulerLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.data.redis.core.RedisCallback;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Forgets carts that nobody touched for three days. */
@Component
class IdleCartsJob {

    private static final Logger log = LoggerFactory.getLogger(IdleCartsJob.class);

    private final StringRedisTemplate redis;

    IdleCartsJob(StringRedisTemplate redis) {
        this.redis = redis;
    }

    @Scheduled(cron = "0 */15 * * * *")
    @SchedulerLock(name = "idle-carts", lockAtLeastFor = "1m")
    void run() {
        long before = Instant.now().minus(Duration.ofDays(3)).getEpochSecond();
        Set<String> idle = redis.opsForZSet().rangeByScore("carts:active", 0, before, 0, 500);
        if (idle == null || idle.isEmpty()) {
            return;
        }
        redis.executePipelined((RedisCallback<Object>) connection -> {
            for (String id : idle) {
                connection.keyCommands().unlink(("carts:" + id).getBytes());
                connection.zSetCommands().zRem("carts:active".getBytes(), id.getBytes());
            }
            return null;
        });
        log.info("removed {} carts from redis", idle.size());
    }
}
