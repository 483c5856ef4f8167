package eu.parcelo.dispatch.config

import io.github.bucket4j.distributed.ExpirationAfterWriteStrategy
import io.github.bucket4j.distributed.proxy.ProxyManager
import io.github.bucket4j.redis.lettuce.cas.LettuceBasedProxyManager
import io.lettuce.core.RedisClient
import io.lettuce.core.RedisURI
import io.lettuce.core.codec.ByteArrayCodec
import io.lettuce.core.codec.RedisCodec
import io.lettuce.core.codec.StringCodec
import org.springframework.beans.factory.annotation.Value
import org.springframework.context.annotation.Bean
import org.springframework.context.annotation.Configuration
import java.time.Duration.ofMinutes

@Configuration
class LimiterConfig {

    @Bean(destroyMethod = "shutdown")
    fun limiterClient(@Value("\${limiter.redis-uri}") uri: String): RedisClient =
        RedisClient.create(RedisURI.create(uri))

    @Bean
    fun buckets(client: RedisClient): ProxyManager<String> {
        val connection = client.connect(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE))
        return LettuceBasedProxyManager.builderFor(connection)
            .withExpirationStrategy(ExpirationAfterWriteStrategy.basedOnTimeForRefillingBucketUpToMax(ofMinutes(2)))
            .build()
    }
}
