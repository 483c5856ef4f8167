package eu.parcelo.common.redis

import org.springframework.data.redis.core.StringRedisTemplate
import org.springframework.data.redis.core.script.RedisScript
import java.time.Duration

/** Short-lived strings. Whoever wants more than that takes the template. */
class KeyValue(private val template: StringRedisTemplate) {

    fun put(key: String, value: String, ttl: Duration) = template.opsForValue().set(key, value, ttl)

    fun take(key: String): String? = template.opsForValue().getAndDelete(key)

    /** Counts up; the first one starts the window. */
    fun count(key: String, window: Duration): Long =
        template.execute(COUNT, listOf(key), window.toMillis().toString())

    private companion object {
        val COUNT: RedisScript<Long> = RedisScript.of(
            """
            local n = redis.call('INCR', KEYS[1])
            if n == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
            return n
            """.trimIndent(),
            Long::class.java,
        )
    }
}
