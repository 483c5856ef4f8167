package io.parcels.tracking

import io.github.crackthecodeabhi.kreds.connection.Endpoint
import io.github.crackthecodeabhi.kreds.connection.newClient
import io.github.crackthecodeabhi.kreds.connection.shutdown
import kotlinx.coroutines.runBlocking

suspend fun track(parcel: String, place: String) {
    newClient(Endpoint.from(System.getenv("TRACKING_REDIS") ?: "127.0.0.1:6379")).use { client ->
        client.hset("parcel:$parcel", "place" to place)
        client.expire("parcel:$parcel", 604_800u)
    }
}

fun main() {
    runBlocking { track("1", "Redistribution centre") }
    runBlocking { shutdown() }
}
