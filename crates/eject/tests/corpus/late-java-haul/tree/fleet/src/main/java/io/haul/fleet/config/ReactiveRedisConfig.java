package io.haul.fleet.config;

import io.haul.fleet.positions.Position;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.metrics.MicrometerCommandLatencyRecorder;
import io.lettuce.core.metrics.MicrometerOptions;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.ReactiveRedisConnectionFactory;
import org.springframework.data.redis.core.ReactiveRedisTemplate;
import org.springframework.data.redis.serializer.Jackson2JsonRedisSerializer;
import org.springframework.data.redis.serializer.RedisSerializationContext;
import org.springframework.data.redis.serializer.RedisSerializer;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(RedisProperties.class)
class ReactiveRedisConfig {

    @Bean(destroyMethod = "shutdown")
    ClientResources clientResources(MeterRegistry registry) {
        return ClientResources.builder()
                .commandLatencyRecorder(new MicrometerCommandLatencyRecorder(registry, MicrometerOptions.create()))
                .build();
    }

    @Bean
    ReactiveRedisTemplate<String, Position> positions(ReactiveRedisConnectionFactory factory) {
        var context = RedisSerializationContext.<String, Position>newSerializationContext(RedisSerializer.string())
                .value(new Jackson2JsonRedisSerializer<>(Position.class))
                .build();
        return new ReactiveRedisTemplate<>(factory, context);
    }

    @Bean
    StatefulRedisPubSubConnection<String, String> pubSub(ClientResources resources, RedisProperties properties) {
        var uri = RedisURI.builder().withHost(properties.host()).withPort(properties.port())
                .withPassword(properties.password().toCharArray())
                .build();
        return RedisClient.create(resources, uri).connectPubSub();
    }
}
