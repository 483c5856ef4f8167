package com.example.scoring.batch;

import com.example.scoring.ScoreService;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.inject.Singleton;
import java.util.concurrent.TimeUnit;
import org.redisson.api.RBlockingQueue;
import org.redisson.api.RLock;
import org.redisson.api.RedissonClient;

@Singleton
class NightlyRescore {
    private final RedissonClient redisson;
    private final ScoreService scores;

    NightlyRescore(RedissonClient redisson, ScoreService scores) {
        this.redisson = redisson;
        this.scores = scores;
    }

    @Scheduled(cron = "0 15 2 * * *")
    void run() throws InterruptedException {
        RLock lock = redisson.getLock("rescore");
        if (!lock.tryLock(0, 30, TimeUnit.MINUTES)) {
            return;
        }
        try {
            RBlockingQueue<String> customers = redisson.getBlockingQueue("rescore:customers");
            for (String c; (c = customers.poll(1, TimeUnit.SECONDS)) != null; ) {
                scores.forget(c);
            }
        } finally {
            if (lock.isHeldByCurrentThread()) {
                lock.unlock();
            }
        }
    }
}
