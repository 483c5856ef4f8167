package com.example.loans.security

import io.github.bucket4j.Bandwidth
import io.github.bucket4j.Bucket
import jakarta.inject.Singleton
import java.time.Duration
import java.util.concurrent.ConcurrentHashMap

/** Limits by instance: each pod counts alone. */
@Singleton
class Throttle {
    private val buckets = ConcurrentHashMap<String, Bucket>()

    fun allows(client: String): Boolean = buckets.computeIfAbsent(client) {
        Bucket.builder().addLimit(Bandwidth.builder().capacity(30).refillGreedy(30, Duration.ofMinutes(1)).build()).build()
    }.tryConsume(1)
}
