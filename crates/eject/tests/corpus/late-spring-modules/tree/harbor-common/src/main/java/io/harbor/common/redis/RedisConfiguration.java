package io.harbor.common.redis;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.Map;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.cache.RedisCacheConfiguration;
import org.springframework.data.redis.cache.RedisCacheManager;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.RedisTemplate;
import org.springframework.data.redis.repository.configuration.EnableRedisRepositories;
import org.springframework.data.redis.serializer.GenericJackson2JsonRedisSerializer;
import org.springframework.data.redis.serializer.StringRedisSerializer;

@Configuration
@EnableCaching
@EnableRedisRepositories(basePackages = "io.harbor.common.carts")
public class RedisConfiguration {

    @Bean
    LettuceConnectionFactory redisConnectionFactory(
            @Value("${spring.data.redis.host}") String host, @Value("${spring.data.redis.password:}") String password) {
        var standalone = new RedisStandaloneConfiguration(host, 6379);
        standalone.setPassword(password);
        return new LettuceConnectionFactory(standalone);
    }

    @Bean
    RedisTemplate<String, Object> redisTemplate(RedisConnectionFactory factory, ObjectMapper json) {
        var template = new RedisTemplate<String, Object>();
        template.setConnectionFactory(factory);
        template.setKeySerializer(new StringRedisSerializer());
        template.setValueSerializer(new GenericJackson2JsonRedisSerializer(json));
        return template;
    }

    @Bean
    RedisCacheManager cacheManager(RedisConnectionFactory factory) {
        var minutes = RedisCacheConfiguration.defaultCacheConfig().entryTtl(Duration.ofMinutes(10));
        return RedisCacheManager.builder(factory)
                .cacheDefaults(minutes)
                .withInitialCacheConfigurations(Map.of("berths", minutes.entryTtl(Duration.ofHours(1))))
                .build();
    }
}
