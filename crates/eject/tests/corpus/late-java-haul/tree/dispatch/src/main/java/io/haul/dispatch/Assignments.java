package io.haul.dispatch;

import io.quarkus.redis.datasource.RedisDataSource;
import io.quarkus.redis.datasource.list.ListCommands;
import io.quarkus.redis.datasource.pubsub.PubSubCommands;
import io.quarkus.redis.datasource.value.SetArgs;
import io.quarkus.redis.datasource.value.ValueCommands;
import jakarta.enterprise.context.ApplicationScoped;

@ApplicationScoped
public class Assignments {
    public record Job(String id, String from, String to) {}

    private final ListCommands<String, Job> waiting;
    private final ValueCommands<String, String> locks;
    private final PubSubCommands<Job> events;

    Assignments(RedisDataSource ds) {
        waiting = ds.list(Job.class);
        locks = ds.value(String.class);
        events = ds.pubsub(Job.class);
    }

    public void add(Job job) {
        waiting.lpush("waiting", job);
    }

    public Job take(String driver) {
        Job job = waiting.rpop("waiting");
        if (job != null) {
            locks.set("lock:" + job.id(), driver, new SetArgs().nx().ex(30));
            events.publish("assigned", job);
        }
        return job;
    }
}
