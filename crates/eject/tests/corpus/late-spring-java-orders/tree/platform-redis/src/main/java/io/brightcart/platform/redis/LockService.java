package io.brightcart.platform.redis;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.redisson.api.RLock;
import org.redisson.api.RedissonClient;
import org.springframework.stereotype.Component;

@Component
public class LockService {

    private final RedissonClient redisson;

    public LockService(RedissonClient redisson) {
        this.redisson = redisson;
    }

    /** Runs {@code action} while nobody else holds {@code name}. */
    public <T> T withLock(String name, Duration wait, Duration lease, Supplier<T> action) {
        RLock lock = redisson.getLock("lock:" + name);
        boolean acquired;
        try {
            acquired = lock.tryLock(wait.toMillis(), lease.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        if (!acquired) {
            throw new LockBusyException(name);
        }
        try {
            return action.get();
        } finally {
            if (lock.isHeldByCurrentThread()) {
                lock.unlock();
            }
        }
    }
}
