package com.acme.orders.tokens;

import java.time.Duration;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.stereotype.Repository;

@Repository
public class RefreshTokenStore {
    private final StringRedisTemplate redis;

    public RefreshTokenStore(StringRedisTemplate redis) {
        this.redis = redis;
    }

    public void save(String jti, String user) {
        redis.opsForValue().set("refresh:" + jti, user, Duration.ofDays(30));
    }

    public boolean revoke(String jti) {
        return Boolean.TRUE.equals(redis.delete("refresh:" + jti));
    }
}
