package io.harbor.web;

import com.redis.testcontainers.RedisContainer;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;

@SpringBootTest
@Testcontainers
class OtpTest {
    @Container
    @ServiceConnection
    static RedisContainer redis = new RedisContainer("redis:7.4");

    @Test
    void stores() {}
}
