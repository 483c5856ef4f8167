package io.haul.fleet.config;

import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.caffeine.CaffeineCacheManager;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What changes once a day stays in memory; Redis is for positions. */
@Configuration
@EnableCaching
class LocalCacheConfig {

    @Bean
    CacheManager cacheManager() {
        var manager = new CaffeineCacheManager("depots");
        manager.setCaffeine(Caffeine.newBuilder().expireAfterWrite(Duration.ofHours(6)).recordStats());
        return manager;
    }
}
