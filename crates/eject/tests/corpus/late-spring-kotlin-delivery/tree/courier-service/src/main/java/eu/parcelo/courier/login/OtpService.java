package eu.parcelo.courier.login;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import org.springframework.data.redis.core.BoundValueOperations;
import org.springframework.data.redis.core.RedisTemplate;
import org.springframework.stereotype.Service;

@Service
public class OtpService {
    private final RedisTemplate<String, String> redisTemplate;
    private final SecureRandom random = new SecureRandom();

    public OtpService(RedisTemplate<String, String> redisTemplate) {
        this.redisTemplate = redisTemplate;
    }

    public String issue(String phone) {
        String code = String.format("%06d", random.nextInt(1_000_000));
        redisTemplate.opsForValue().set("otp:" + phone, code, Duration.ofMinutes(5));
        return code;
    }

    public boolean verify(String phone, String code) {
        BoundValueOperations<String, String> tries = redisTemplate.boundValueOps("otp:tries:" + phone);
        Long n = tries.increment();
        tries.expire(10, TimeUnit.MINUTES);
        if (n != null && n > 5) {
            return false;
        }
        boolean right = code.equals(redisTemplate.opsForValue().get("otp:" + phone));
        if (right) {
            redisTemplate.delete("otp:" + phone);
        }
        return right;
    }
}
