package com.example.tools;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisPool;
import redis.clients.jedis.Pipeline;

@CommandLine.Command(name = "enqueue-rescore", description = "Puts customers of a file into the redis queue.")
public class EnqueueRescore implements Callable<Integer> {
    @CommandLine.Parameters
    Path file;

    @Override
    public Integer call() throws Exception {
        try (JedisPool pool = new JedisPool(System.getenv().getOrDefault("REDIS_URL", "redis://localhost:6379/2"));
                Jedis jedis = pool.getResource()) {
            Pipeline pipeline = jedis.pipelined();
            for (String customer : Files.readAllLines(file)) {
                pipeline.rpush("rescore:customers", customer);
            }
            pipeline.sync();
        }
        return 0;
    }

    public static void main(String[] args) {
        System.exit(new CommandLine(new EnqueueRescore()).execute(args));
    }
}
