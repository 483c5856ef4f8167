package com.example.scoring.bureau;

import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.micronaut.context.annotation.Value;
import jakarta.inject.Singleton;
import java.time.LocalDate;

@Singleton
public class BureauQuota {
    private static final String TAKE = """
            local n = redis.call('INCR', KEYS[1])
            if n == 1 then redis.call('EXPIRE', KEYS[1], 86400) end
            return n
            """;

    private final StatefulRedisConnection<String, String> connection;
    private final long daily;

    BureauQuota(StatefulRedisConnection<String, String> connection, @Value("${bureau.daily-quota}") long daily) {
        this.connection = connection;
        this.daily = daily;
    }

    public boolean take(String name) {
        RedisCommands<String, String> commands = connection.sync();
        Long taken = commands.eval(TAKE, ScriptOutputType.INTEGER, "quota:" + name + ":" + LocalDate.now());
        return taken <= daily;
    }

    public long left(String name) {
        String taken = connection.sync().get("quota:" + name + ":" + LocalDate.now());
        return taken == null ? daily : daily - Long.parseLong(taken);
    }
}
