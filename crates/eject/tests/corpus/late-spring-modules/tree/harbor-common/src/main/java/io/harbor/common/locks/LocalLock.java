package io.harbor.common.locks;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/** Of one process; DistributedLock asks Redis. */
public class LocalLock {
    private final ConcurrentHashMap<String, ReentrantLock> locks = new ConcurrentHashMap<>();

    public void with(String name, Runnable work) {
        ReentrantLock lock = locks.computeIfAbsent(name, key -> new ReentrantLock());
        if (lock.tryLock()) {
            try {
                work.run();
            } finally {
                lock.unlock();
            }
        }
    }
}
