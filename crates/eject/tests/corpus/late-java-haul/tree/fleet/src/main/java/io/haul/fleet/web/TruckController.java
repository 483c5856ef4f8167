package io.haul.fleet.web;

import io.haul.fleet.legacy.TripCounter;
import io.haul.fleet.positions.Position;
import io.haul.fleet.positions.PositionService;
import org.jobrunr.scheduling.JobScheduler;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

@RestController
class TruckController {
    private final PositionService positions;
    private final TripCounter trips;
    private final JobScheduler jobs;

    TruckController(PositionService positions, TripCounter trips, JobScheduler jobs) {
        this.positions = positions;
        this.trips = trips;
        this.jobs = jobs;
    }

    @GetMapping("/trucks/{id}")
    Mono<Position> position(@PathVariable String id) {
        return positions.of(id);
    }

    @PostMapping("/trucks/{id}/trips")
    long start(@PathVariable String id) {
        jobs.enqueue(() -> System.out.println("a trip of " + id + ", not by Redis"));
        return trips.started(id);
    }

    @GetMapping("/depots")
    @Cacheable("depots")
    String depots() {
        return "Bremen,Gdansk";
    }
}
