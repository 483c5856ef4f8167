package eu.parcelo.common.redis

import org.redisson.api.RedissonClient
import java.util.concurrent.TimeUnit.SECONDS

class LockedElsewhere(name: String) : RuntimeException("$name is locked")

class Locks(private val redisson: RedissonClient) {

    fun <T> exclusively(name: String, waitSeconds: Long = 2, block: () -> T): T {
        val lock = redisson.getLock("lock:$name")
        if (!lock.tryLock(waitSeconds, 30, SECONDS)) throw LockedElsewhere(name)
        try {
            return block()
        } finally {
            if (lock.isHeldByCurrentThread) lock.unlock()
        }
    }
}
