package eu.parcelo.dispatch.assign

import eu.parcelo.common.redis.KeyValue
import eu.parcelo.common.redis.LockedElsewhere
import eu.parcelo.common.redis.Locks
import eu.parcelo.dispatch.geo.CourierPositions
import org.springframework.data.redis.core.StringRedisTemplate
import org.springframework.stereotype.Service
import java.security.SecureRandom
import java.time.Duration

class WrongPin : RuntimeException()

@Service
class Assignments(
    private val locks: Locks,
    private val kv: KeyValue,
    private val redis: StringRedisTemplate,
    private val positions: CourierPositions,
    private val retries: AssignmentRetries,
) {
    private val random = SecureRandom()

    fun assign(order: String, lat: Double, lon: Double): String? =
        try {
            locks.exclusively("order:$order") {
                val busy = redis.opsForSet().members("couriers:busy").orEmpty()
                val courier = positions.near(lat, lon).firstOrNull { it !in busy }
                if (courier == null) {
                    retries.later(order)
                } else {
                    redis.opsForSet().add("couriers:busy", courier)
                    kv.put("pin:$order", "%04d".format(random.nextInt(10_000)), Duration.ofHours(2))
                }
                courier
            }
        } catch (e: LockedElsewhere) {
            null
        }

    fun handover(order: String, pin: String) {
        if (kv.count("pin-tries:$order", Duration.ofMinutes(10)) > 5 || kv.take("pin:$order") != pin) throw WrongPin()
    }
}
