package io.brightcart.orders.catalog;

import io.github.bucket4j.Bucket;
import java.math.BigDecimal;
import java.time.Duration;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;

@Component
class FxRates {

    private final RestClient http = RestClient.create("https://fx.example.com");
    private final Bucket outgoing = Bucket.builder()
            .addLimit(limit -> limit.capacity(10).refillIntervally(10, Duration.ofSeconds(1)))
            .build();

    @Cacheable(cacheNames = "fx", cacheManager = "localCacheManager")
    public BigDecimal rate(String from, String to) {
        outgoing.asBlocking().consumeUninterruptibly(1);
        return http.get().uri("/v1/{from}/{to}", from, to).retrieve().body(BigDecimal.class);
    }
}
