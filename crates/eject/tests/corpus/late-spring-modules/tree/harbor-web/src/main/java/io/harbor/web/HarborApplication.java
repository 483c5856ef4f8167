package io.harbor.web;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.session.data.redis.config.annotation.web.http.EnableRedisIndexedHttpSession;

@SpringBootApplication(scanBasePackages = "io.harbor")
@EnableRedisIndexedHttpSession(redisNamespace = "harbor:session")
public class HarborApplication {
    public static void main(String[] args) {
        SpringApplication.run(HarborApplication.class, args);
    }
}
