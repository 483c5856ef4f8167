package io.parkwise.garage.occupancy

import org.springframework.context.annotation.Profile
import org.springframework.stereotype.Component
import java.time.Instant
import java.util.concurrent.ConcurrentHashMap

@Component
@Profile("local")
class LocalOccupancy : Occupancy {
    private val redis = ConcurrentHashMap<String, MutableMap<String, Instant>>()

    override fun enter(garage: String, plate: String, capacity: Int): Boolean {
        val cars = redis.getOrPut(garage) { ConcurrentHashMap() }
        if (cars.size >= capacity) return false
        return cars.putIfAbsent(plate, Instant.now()) == null
    }

    override fun leave(garage: String, plate: String): Instant? = redis[garage]?.remove(plate)

    override fun inside(garage: String): Long = redis.get(garage)?.size?.toLong() ?: 0
}
