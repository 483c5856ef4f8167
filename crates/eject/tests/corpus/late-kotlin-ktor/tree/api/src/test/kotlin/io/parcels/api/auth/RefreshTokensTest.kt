package io.parcels.api.auth

import com.redis.testcontainers.RedisContainer
import io.lettuce.core.RedisClient
import io.lettuce.core.api.coroutines
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlinx.coroutines.runBlocking

class RefreshTokensTest {
    @Test
    fun `a token is taken once`() = runBlocking {
        RedisContainer("redis:7").use { container ->
            container.start()
            val tokens = RefreshTokens(RedisClient.create(container.redisURI).connect().coroutines())
            val token = tokens.issue("ada")
            assertEquals("ada", tokens.take(token))
            assertEquals(null, tokens.take(token))
        }
    }
}
