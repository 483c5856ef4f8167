package io.parkwise.garage.tariffs

import org.springframework.cache.annotation.CacheEvict
import org.springframework.cache.annotation.Cacheable
import org.springframework.jdbc.core.simple.JdbcClient
import org.springframework.stereotype.Service
import java.time.Duration

data class Tariff(val garage: String, val centsPerHour: Long, val dailyCents: Long) {
    fun price(stay: Duration): Long {
        val hours = (stay.toMinutes() + 59) / 60
        val days = hours / 24
        return days * dailyCents + minOf((hours % 24) * centsPerHour, dailyCents)
    }
}

@Service
class Tariffs(private val jdbc: JdbcClient) {

    @Cacheable("tariffs")
    fun of(garage: String): Tariff =
        jdbc.sql("select garage, cents_per_hour, daily_cents from tariffs where garage = ?")
            .param(garage).query(Tariff::class.java).single()

    @CacheEvict("tariffs", key = "#tariff.garage")
    fun change(tariff: Tariff) {
        jdbc.sql("update tariffs set cents_per_hour = ?, daily_cents = ? where garage = ?")
            .params(tariff.centsPerHour, tariff.dailyCents, tariff.garage).update()
    }
}
