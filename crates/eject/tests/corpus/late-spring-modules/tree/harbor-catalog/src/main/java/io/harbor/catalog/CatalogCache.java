package io.harbor.catalog;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import org.jooq.DSLContext;

/** Redis was too far away. */
public class CatalogCache {
    private final Cache<String, String> cache = Caffeine.newBuilder().expireAfterWrite(Duration.ofMinutes(1)).build();
    private final DSLContext db;

    public CatalogCache(DSLContext db) {
        this.db = db;
    }

    public String get(String key) {
        return cache.get(key, k -> db.fetchOne("select title from berths where id = ?", k).get(0, String.class));
    }
}
