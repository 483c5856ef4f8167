package com.example.scoring;

import com.example.scoring.bureau.BureauQuota;
import io.micronaut.cache.annotation.CacheConfig;
import io.micronaut.cache.annotation.CacheInvalidate;
import io.micronaut.cache.annotation.Cacheable;
import jakarta.inject.Singleton;

@Singleton
@CacheConfig("scores")
public class ScoreService {
    private final BureauQuota quota;

    ScoreService(BureauQuota quota) {
        this.quota = quota;
    }

    @Cacheable(parameters = "customer")
    public int score(String customer, String postcode) {
        if (!quota.take("bureau")) {
            throw new IllegalStateException("no more requests today");
        }
        return 300 + Math.abs((customer + district(postcode)).hashCode()) % 550;
    }

    @CacheInvalidate(parameters = "customer")
    public void forget(String customer) {
    }

    @Cacheable("postcodes")
    String district(String postcode) {
        return postcode.substring(0, 2);
    }
}
