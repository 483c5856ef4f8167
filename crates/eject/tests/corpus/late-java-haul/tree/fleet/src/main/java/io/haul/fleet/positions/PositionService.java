package io.haul.fleet.positions;

import java.time.Duration;
import org.springframework.data.geo.Point;
import org.springframework.data.redis.core.ReactiveRedisTemplate;
import org.springframework.data.redis.core.ReactiveValueOperations;
import org.springframework.stereotype.Service;
import reactor.core.publisher.Mono;

@Service
public class PositionService {
    private final ReactiveRedisTemplate<String, Position> positions;
    private final ReactiveValueOperations<String, Position> values;

    PositionService(ReactiveRedisTemplate<String, Position> positions) {
        this.positions = positions;
        this.values = positions.opsForValue();
    }

    public Mono<Long> moved(Position position) {
        return values.set("position:" + position.truck(), position, Duration.ofMinutes(15))
                .then(
                        positions.opsForGeo().add("trucks", new Point(position.lng(), position.lat()), position))
                .then(
                        positions.convertAndSend("moved", position));
    }

    public Mono<Position> of(String truck) {
        return values.get("position:" + truck).timeout(Duration.ofMillis(200));
    }
}
