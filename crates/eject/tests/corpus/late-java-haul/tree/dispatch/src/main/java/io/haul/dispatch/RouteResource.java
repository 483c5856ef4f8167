package io.haul.dispatch;

import io.quarkus.cache.CacheResult;
import io.quarkus.scheduler.Scheduled;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.util.concurrent.LinkedBlockingQueue;

@Path("/routes")
public class RouteResource {
    private final LinkedBlockingQueue<String> waiting = new LinkedBlockingQueue<>();
    private final Assignments assignments;

    RouteResource(Assignments assignments) {
        this.assignments = assignments;
    }

    @GET
    @CacheResult(cacheName = "routes")
    public String route(@QueryParam("from") String from, @QueryParam("to") String to) {
        waiting.offer(from + to);
        return from + " to " + to;
    }

    @POST
    public Assignments.Job take(@QueryParam("driver") String driver) {
        return assignments.take(driver);
    }

    @Scheduled(every = "10s")
    void drain() {
        waiting.clear();
    }
}
