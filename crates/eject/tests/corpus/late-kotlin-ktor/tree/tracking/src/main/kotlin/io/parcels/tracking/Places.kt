package io.parcels.tracking

import io.lettuce.core.api.StatefulRedisConnection
import io.micronaut.cache.annotation.Cacheable
import jakarta.inject.Singleton

@Singleton
open class Places(private val connection: StatefulRedisConnection<String, String>) {
    @Cacheable("places")
    open fun of(code: String): String = connection.sync().get("cache:place:$code") ?: code
}
