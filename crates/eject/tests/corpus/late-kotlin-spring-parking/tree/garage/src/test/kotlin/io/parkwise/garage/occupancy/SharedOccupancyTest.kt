package io.parkwise.garage.occupancy

import com.redis.testcontainers.RedisContainer
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory
import org.springframework.data.redis.core.StringRedisTemplate
import org.testcontainers.junit.jupiter.Container
import org.testcontainers.junit.jupiter.Testcontainers

@Testcontainers
class SharedOccupancyTest {
    @Container
    private val server = RedisContainer("redis:7.4-alpine")

    @Test
    fun `the last bay is taken once`() {
        val factory = LettuceConnectionFactory(server.host, server.firstMappedPort).apply { start() }
        val occupancy = SharedOccupancy(StringRedisTemplate(factory))

        assertTrue(occupancy.enter("north", "B-AB 12", capacity = 1))
        assertFalse(occupancy.enter("north", "B-CD 34", capacity = 1))
        assertEquals(1, occupancy.inside("north"))
    }
}
