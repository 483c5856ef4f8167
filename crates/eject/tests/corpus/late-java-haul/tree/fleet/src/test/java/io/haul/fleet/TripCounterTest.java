package io.haul.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.haul.fleet.config.RedisProperties;
import io.haul.fleet.legacy.TripCounter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import redis.embedded.RedisServer;

class TripCounterTest {
    private static RedisServer server;

    @BeforeAll
    static void start() throws Exception {
        server = new RedisServer(6399);
        server.start();
    }

    @AfterAll
    static void stop() throws Exception {
        server.stop();
    }

    @Test
    void counts() {
        var trips = new TripCounter(new RedisProperties("localhost", 6399, null, false));
        assertThat(trips.started("t1")).isEqualTo(1);
        assertThat(trips.once("a")).isTrue();
    }
}
