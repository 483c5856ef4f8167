package io.parkwise.gateway.limits

import io.github.bucket4j.BucketConfiguration
import io.github.bucket4j.distributed.ExpirationAfterWriteStrategy
import io.github.bucket4j.redis.lettuce.Bucket4jLettuce
import io.lettuce.core.RedisClient
import io.lettuce.core.codec.ByteArrayCodec
import io.lettuce.core.codec.RedisCodec
import io.lettuce.core.codec.StringCodec
import org.springframework.beans.factory.DisposableBean
import org.springframework.beans.factory.annotation.Value
import org.springframework.stereotype.Component
import java.time.Duration

@Component
class PartnerLimits(@Value("\${spring.data.redis.url}") url: String) : DisposableBean {
    private val client = RedisClient.create(url)
    private val connection = client.connect(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE))
    private val buckets = Bucket4jLettuce.casBasedBuilder(connection)
        .expirationAfterWrite(ExpirationAfterWriteStrategy.basedOnTimeForRefillingBucketUpToMax(Duration.ofMinutes(2)))
        .build()
    private val plan = BucketConfiguration.builder()
        .addLimit { it.capacity(120).refillGreedy(120, Duration.ofMinutes(1)) }
        .build()

    fun admits(partner: String): Boolean =
        buckets.builder().build("limit:$partner") { plan }.tryConsume(1)

    override fun destroy() {
        connection.close()
        client.shutdown()
    }
}
