package com.example.scoring;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.example.scoring.bureau.BureauQuota;
import io.micronaut.context.ApplicationContext;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;

@Testcontainers
class BureauQuotaTest {
    @Container
    static final GenericContainer<?> REDIS = new GenericContainer<>("redis:7.4-alpine").withExposedPorts(6379);

    @Test
    void isSpent() {
        String uri = "redis://" + REDIS.getHost() + ":" + REDIS.getFirstMappedPort();
        try (var context = ApplicationContext.run(Map.of("redis.uri", uri, "bureau.daily-quota", 1))) {
            var quota = context.getBean(BureauQuota.class);
            assertTrue(quota.take("x"));
            assertFalse(quota.take("x"));
        }
    }
}
