package com.acme.limits

import io.lettuce.core.RedisClient
import io.lettuce.core.api.sync.RedisCommands

class Limiter {
    private val client = RedisClient.create(System.getenv("REDIS_URL") ?: "redis://localhost")
    private val commands: RedisCommands<String, String> = client.connect().sync()

    fun allow(key: String): Boolean {
        val count = commands.incr("limit:$key")
        if (count == 1L) commands.expire("limit:$key", 60)
        return count <= 100
    }
}
