package eu.parcelo.dispatch.config

import org.springframework.context.annotation.Bean
import org.springframework.context.annotation.Configuration
import org.springframework.data.redis.cache.RedisCacheConfiguration
import org.springframework.data.redis.cache.RedisCacheManager
import org.springframework.data.redis.cache.RedisCacheWriter
import org.springframework.data.redis.connection.RedisConnectionFactory
import org.springframework.data.redis.serializer.GenericJackson2JsonRedisSerializer
import org.springframework.data.redis.serializer.RedisSerializationContext.SerializationPair
import java.time.Duration

@Configuration
class CacheConfig {

    @Bean
    fun cacheManager(factory: RedisConnectionFactory): RedisCacheManager =
        RedisCacheManager.builder(RedisCacheWriter.nonLockingRedisCacheWriter(factory))
            .cacheDefaults(defaults())
            .withCacheConfiguration("menus", defaults().entryTtl(Duration.ofHours(6)))
            .enableStatistics()
            .build()

    private fun defaults() =
        RedisCacheConfiguration.defaultCacheConfig()
            .prefixCacheNameWith("dispatch::")
            .serializeValuesWith(SerializationPair.fromSerializer(GenericJackson2JsonRedisSerializer()))
            .disableCachingNullValues()
}
