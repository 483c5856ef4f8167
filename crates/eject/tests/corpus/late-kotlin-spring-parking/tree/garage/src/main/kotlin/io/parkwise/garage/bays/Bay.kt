package io.parkwise.garage.bays

import jakarta.persistence.Column
import jakarta.persistence.Entity
import jakarta.persistence.Id
import jakarta.persistence.Table
import org.springframework.data.jpa.repository.JpaRepository

@Entity
@Table(name = "bays")
class Bay(
    @Id val id: Long,
    val garage: String,
    val level: Int,
    @Column(name = "redis_shard") val shard: Int = 0,
)

interface BayRepository : JpaRepository<Bay, Long> {
    fun countByGarage(garage: String): Int
}
