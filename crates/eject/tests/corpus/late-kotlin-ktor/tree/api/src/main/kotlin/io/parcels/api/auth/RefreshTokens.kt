package io.parcels.api.auth

import io.lettuce.core.ExperimentalLettuceCoroutinesApi
import io.lettuce.core.SetArgs
import io.lettuce.core.api.coroutines.RedisCoroutinesCommands
import java.time.Duration
import java.util.UUID

@OptIn(ExperimentalLettuceCoroutinesApi::class)
class RefreshTokens(private val redis: RedisCoroutinesCommands<String, String>) {
    suspend fun issue(user: String): String {
        val token = UUID.randomUUID().toString()
        redis.set("refresh:$token", user, SetArgs().ex(Duration.ofDays(30)))
        redis.sadd("refresh:of:$user", token)
        return token
    }

    suspend fun take(token: String): String? = redis.getdel("refresh:$token")
}
