package com.example.loans

import com.redis.testcontainers.RedisContainer
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager
import org.testcontainers.utility.DockerImageName

class RedisResource : QuarkusTestResourceLifecycleManager {
    private val container = RedisContainer(DockerImageName.parse("redis:7.4-alpine"))

    override fun start(): Map<String, String> {
        container.start()
        return mapOf("quarkus.redis.hosts" to container.redisURI, "quarkus.redis.otp.hosts" to container.redisURI)
    }

    override fun stop() = container.stop()
}
