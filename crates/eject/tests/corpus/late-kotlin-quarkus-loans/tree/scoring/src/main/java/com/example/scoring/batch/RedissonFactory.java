package com.example.scoring.batch;

import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Value;
import jakarta.inject.Singleton;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.config.Config;

@Factory
class RedissonFactory {
    @Bean(preDestroy = "shutdown")
    @Singleton
    RedissonClient redisson(@Value("${redisson.address}") String address) {
        Config config = new Config();
        config.setThreads(4).setNettyThreads(8);
        config.useSingleServer().setAddress(address).setDatabase(2).setPassword("hunter2Redissonhunter2");
        return Redisson.create(config);
    }
}
