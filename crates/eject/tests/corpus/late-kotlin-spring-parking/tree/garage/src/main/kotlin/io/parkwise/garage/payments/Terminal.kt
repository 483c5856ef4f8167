package io.parkwise.garage.payments

import org.redisson.api.RateType
import org.redisson.api.RedissonClient
import org.springframework.stereotype.Component
import org.springframework.web.client.RestClient
import java.time.Duration

/** The bank allows twenty calls in a second, for all of our instances together. */
@Component
class Terminal(redisson: RedissonClient, private val http: RestClient) {
    private val limiter = redisson.getRateLimiter("bank:calls").apply {
        trySetRate(RateType.OVERALL, 20, Duration.ofSeconds(1))
    }

    fun charge(plate: String, cents: Long): String {
        if (!limiter.tryAcquire(1, Duration.ofSeconds(3))) {
            throw TerminalBusy("the limiter in Redis lets nobody through")
        }
        return http.post().uri("/charges").body(mapOf("reference" to plate, "amount" to cents))
            .retrieve().body(String::class.java)!!
    }
}

class TerminalBusy(message: String) : RuntimeException(message)
