package com.acme.orders.jobs;

import java.util.concurrent.TimeUnit;
import org.redisson.api.RLock;
import org.redisson.api.RedissonClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

@Component
public class Scheduler {
    private final RedissonClient redisson;

    Scheduler(RedissonClient redisson) {
        this.redisson = redisson;
    }

    @Scheduled(fixedRate = 60_000)
    void nightly() throws InterruptedException {
        RLock lock = redisson.getLock("nightly");
        if (lock.tryLock(0, 30, TimeUnit.SECONDS)) {
            lock.unlock();
        }
    }
}
