package io.harbor.web;

import java.time.Duration;
import org.springframework.data.redis.core.RedisTemplate;
import org.springframework.stereotype.Service;

@Service
class Otp {
    private final RedisTemplate<String, Object> template;

    Otp(RedisTemplate<String, Object> template) {
        this.template = template;
    }

    void store(String phone, String code) {
        template.opsForValue().set("otp:" + phone, code, Duration.ofMinutes(5));
    }

    boolean check(String phone, String code) {
        return code.equals(template.opsForValue().getAndDelete("otp:" + phone));
    }
}
