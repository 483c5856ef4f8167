package eu.parcelo.common.redis

import org.redisson.Redisson
import org.redisson.api.RedissonClient
import org.redisson.config.Config
import org.springframework.boot.autoconfigure.AutoConfiguration
import org.springframework.boot.autoconfigure.data.redis.RedisProperties
import org.springframework.boot.context.properties.EnableConfigurationProperties
import org.springframework.context.annotation.Bean
import org.springframework.data.redis.core.StringRedisTemplate

@AutoConfiguration
@EnableConfigurationProperties(RedisProperties::class)
class CommonRedisConfiguration(private val properties: RedisProperties) {

    @Bean(destroyMethod = "shutdown")
    fun redissonClient(): RedissonClient {
        val scheme = if (properties.ssl.isEnabled) "rediss" else "redis"
        val config = Config()
        config.useSingleServer()
            .setAddress("$scheme://${properties.host}:${properties.port}")
            .setPassword(properties.password)
            .setConnectionPoolSize(24)
        return Redisson.create(config)
    }

    @Bean
    fun locks(client: RedissonClient) = Locks(client)

    @Bean
    fun keyValue(template: StringRedisTemplate) = KeyValue(template)
}
