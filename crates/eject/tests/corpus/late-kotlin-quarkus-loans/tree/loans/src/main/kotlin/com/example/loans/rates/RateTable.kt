package com.example.loans.rates

import com.github.benmanes.caffeine.cache.Caffeine
import io.quarkus.cache.CacheInvalidateAll
import io.quarkus.cache.CacheKey
import io.quarkus.cache.CacheResult
import jakarta.enterprise.context.ApplicationScoped
import java.time.Duration

@ApplicationScoped
class RateTable {
    private val holidays = Caffeine.newBuilder().expireAfterWrite(Duration.ofDays(1)).build<Int, Set<String>>()

    @CacheResult(cacheName = "rates", lockTimeout = 1000)
    fun rate(@CacheKey months: Int): String = (3.1 + months / 48.0).toString()

    @CacheInvalidateAll(cacheName = "rates")
    fun changed() = Unit

    fun holidays(year: Int): Set<String> = holidays.get(year) { setOf("$it-01-01", "$it-12-25") }
}
