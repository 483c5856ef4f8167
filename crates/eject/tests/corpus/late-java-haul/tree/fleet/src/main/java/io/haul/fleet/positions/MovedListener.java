package io.haul.fleet.positions;

import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import org.springframework.stereotype.Component;

@Component
class MovedListener extends RedisPubSubAdapter<String, String> {
    private final StatefulRedisPubSubConnection<String, String> connection;
    private final MeterRegistry registry;

    MovedListener(StatefulRedisPubSubConnection<String, String> connection, MeterRegistry registry) {
        this.connection = connection;
        this.registry = registry;
    }

    @PostConstruct
    void start() {
        connection.addListener(this);
        connection.async().subscribe("moved");
    }

    @Override
    public void message(String channel, String body) {
        registry.counter("redis.moved", "channel", channel).increment();
    }

    @PreDestroy
    void stop() {
        connection.close();
    }
}
