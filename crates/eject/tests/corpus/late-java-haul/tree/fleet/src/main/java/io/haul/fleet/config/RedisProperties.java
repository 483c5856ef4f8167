package io.haul.fleet.config;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

@ConfigurationProperties(prefix = "fleet.redis")
public record RedisProperties(
        @DefaultValue("localhost") String host,
        @DefaultValue("6379") int port,
        String password,
        @DefaultValue("false") boolean tls) {}
