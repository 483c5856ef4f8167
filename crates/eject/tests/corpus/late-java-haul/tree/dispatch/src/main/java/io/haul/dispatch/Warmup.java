package io.haul.dispatch;

import io.quarkus.redis.client.RedisClientName;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.RedisAPI;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;

@ApplicationScoped
class Warmup {
    @Inject
    @RedisClientName("maps")
    RedisAPI maps;

    Uni<Void> store(String tile, String body) {
        return maps.setex("tile:" + tile, "3600", body).replaceWithVoid();
    }

    List<String> tiles() {
        return List.of("redis-sea", "black-sea");
    }
}
