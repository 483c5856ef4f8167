package io.parkwise.garage.permits

import org.springframework.data.annotation.Id
import org.springframework.data.redis.core.RedisHash
import org.springframework.data.redis.core.TimeToLive
import org.springframework.data.redis.core.index.Indexed
import org.springframework.data.repository.CrudRepository

@RedisHash("permits")
data class Permit(
    @Id val id: String,
    @Indexed val plate: String,
    val garage: String,
    @TimeToLive val seconds: Long,
)

interface PermitRepository : CrudRepository<Permit, String> {
    fun findByPlate(plate: String): List<Permit>
}
