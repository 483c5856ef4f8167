package io.harbor.common.locks;

import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.redisson.api.RLock;
import org.redisson.api.RedissonClient;
import org.springframework.stereotype.Component;

@Component
public class DistributedLock {
    private final RedissonClient redisson;

    public DistributedLock(RedissonClient redisson) {
        this.redisson = redisson;
    }

    public <T> T with(String name, Supplier<T> work) throws InterruptedException {
        RLock lock = redisson.getFairLock("lock:" + name);
        if (!lock.tryLock(5, 60, TimeUnit.SECONDS)) {
            throw new IllegalStateException("Redis lock is taken: " + name);
        }
        try {
            return work.get();
        } finally {
            if (lock.isHeldByCurrentThread()) {
                lock.unlock();
            }
        }
    }
}
