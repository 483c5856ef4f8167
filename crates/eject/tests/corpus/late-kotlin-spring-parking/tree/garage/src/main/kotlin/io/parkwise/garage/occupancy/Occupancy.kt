package io.parkwise.garage.occupancy

import java.time.Instant

/** Which cars are in. In production Redis knows it, on the machine of a developer a map. */
interface Occupancy {
    fun enter(garage: String, plate: String, capacity: Int): Boolean
    fun leave(garage: String, plate: String): Instant?
    fun inside(garage: String): Long
}
