package io.harbor.common.limits;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.distributed.proxy.ProxyManager;
import io.github.bucket4j.redis.lettuce.cas.LettuceBasedProxyManager;
import io.lettuce.core.RedisClient;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

@Component
public class ApiLimits {
    private final ProxyManager<byte[]> buckets;

    ApiLimits(@Value("${REDIS_URL}") String url) {
        this.buckets = LettuceBasedProxyManager.builderFor(RedisClient.create(url)).build();
    }

    public boolean allow(String key) {
        var configuration = BucketConfiguration.builder()
                .addLimit(Bandwidth.builder().capacity(100).refillGreedy(100, Duration.ofMinutes(1)).build())
                .build();
        return buckets.builder().build(key.getBytes(), () -> configuration).tryConsume(1);
    }
}
