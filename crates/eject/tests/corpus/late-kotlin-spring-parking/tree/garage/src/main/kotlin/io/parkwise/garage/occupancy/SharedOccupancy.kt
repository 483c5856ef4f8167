package io.parkwise.garage.occupancy

import org.springframework.context.annotation.Profile
import org.springframework.core.io.ClassPathResource
import org.springframework.data.redis.core.StringRedisTemplate
import org.springframework.data.redis.core.script.RedisScript
import org.springframework.stereotype.Component
import java.time.Clock
import java.time.Instant

@Component
@Profile("!local")
class SharedOccupancy(
    private val redis: StringRedisTemplate,
    private val clock: Clock = Clock.systemUTC(),
) : Occupancy {
    private val enter = RedisScript.of(ClassPathResource("scripts/enter.lua"), Long::class.java)

    override fun enter(garage: String, plate: String, capacity: Int): Boolean {
        val result = redis.execute(enter, listOf(key(garage)), plate, clock.millis().toString(), capacity.toString())
        if (result == 1L) {
            announce(garage)
        }
        return result == 1L
    }

    override fun leave(garage: String, plate: String): Instant? {
        val cars = redis.boundHashOps<String, String>(key(garage))
        val since = cars.get(plate) ?: return null
        cars.delete(plate)
        announce(garage)
        return Instant.ofEpochMilli(since.toLong())
    }

    override fun inside(garage: String): Long = redis.opsForHash<String, String>().size(key(garage))

    private fun announce(garage: String) {
        redis.convertAndSend("spaces", "$garage ${inside(garage)}")
    }

    private fun key(garage: String) = "occupancy:{$garage}"
}
