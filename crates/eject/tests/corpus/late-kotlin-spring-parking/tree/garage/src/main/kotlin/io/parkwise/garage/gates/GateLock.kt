package io.parkwise.garage.gates

import org.redisson.api.RedissonClient
import org.springframework.stereotype.Component
import java.util.concurrent.TimeUnit

@Component
class GateLock(private val redisson: RedissonClient) {

    fun <T> exclusively(gate: String, action: () -> T): T {
        val lock = redisson.getLock("gate:$gate")
        check(lock.tryLock(2, 10, TimeUnit.SECONDS)) { "gate $gate is busy" }
        try {
            return action()
        } finally {
            if (lock.isHeldByCurrentThread) lock.unlock()
        }
    }
}
