package eu.parcelo.dispatch

import com.redis.testcontainers.RedisContainer
import eu.parcelo.dispatch.assign.Assignments
import eu.parcelo.dispatch.geo.CourierPositions
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test
import org.springframework.beans.factory.annotation.Autowired
import org.springframework.boot.test.context.SpringBootTest
import org.springframework.boot.testcontainers.service.connection.ServiceConnection
import org.springframework.data.redis.core.StringRedisTemplate
import org.testcontainers.junit.jupiter.Container
import org.testcontainers.junit.jupiter.Testcontainers
import org.testcontainers.utility.DockerImageName

@Testcontainers
@SpringBootTest
class AssignmentsTest @Autowired constructor(
    private val assignments: Assignments,
    private val positions: CourierPositions,
    private val template: StringRedisTemplate,
) {
    @Test
    fun `the nearest courier gets it`() {
        template.delete("couriers:busy")
        positions.moved("anna", 52.52, 13.40)
        assertEquals("anna", assignments.assign("o-1", 52.52, 13.41))
    }

    companion object {
        @Container
        @ServiceConnection
        val redis = RedisContainer(DockerImageName.parse("redis:7.2-alpine"))
    }
}
