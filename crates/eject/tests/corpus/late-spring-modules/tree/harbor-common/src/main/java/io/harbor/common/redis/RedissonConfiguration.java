package io.harbor.common.redis;

import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.config.Config;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration
class RedissonConfiguration {

    @Bean(destroyMethod = "shutdown")
    RedissonClient redisson(@Value("${harbor.redisson.address:redis://localhost:6379}") String address) {
        var config = new Config();
        config.useSingleServer().setAddress(address).setPassword("hunter2Redissonhunter2");
        return Redisson.create(config);
    }
}
