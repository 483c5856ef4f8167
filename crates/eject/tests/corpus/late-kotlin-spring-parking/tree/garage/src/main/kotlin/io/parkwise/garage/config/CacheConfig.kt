package io.parkwise.garage.config

import com.fasterxml.jackson.databind.ObjectMapper
import org.springframework.cache.annotation.EnableCaching
import org.springframework.context.annotation.Bean
import org.springframework.context.annotation.Configuration
import org.springframework.data.redis.cache.RedisCacheConfiguration
import org.springframework.data.redis.cache.RedisCacheManager
import org.springframework.data.redis.connection.RedisConnectionFactory
import org.springframework.data.redis.repository.configuration.EnableRedisRepositories
import org.springframework.data.redis.serializer.GenericJackson2JsonRedisSerializer
import org.springframework.data.redis.serializer.RedisSerializationContext.SerializationPair
import java.time.Duration

@Configuration(proxyBeanMethods = false)
@EnableCaching
@EnableRedisRepositories(basePackages = ["io.parkwise.garage.permits"])
class CacheConfig {

    @Bean
    fun cacheManager(factory: RedisConnectionFactory, mapper: ObjectMapper): RedisCacheManager {
        val values = SerializationPair.fromSerializer(GenericJackson2JsonRedisSerializer(mapper))
        val base = RedisCacheConfiguration.defaultCacheConfig()
            .entryTtl(Duration.ofMinutes(5))
            .disableCachingNullValues()
            .serializeValuesWith(values)
        return RedisCacheManager.builder(factory)
            .cacheDefaults(base)
            .withCacheConfiguration("tariffs", base.entryTtl(Duration.ofHours(6)))
            .transactionAware()
            .build()
    }
}
