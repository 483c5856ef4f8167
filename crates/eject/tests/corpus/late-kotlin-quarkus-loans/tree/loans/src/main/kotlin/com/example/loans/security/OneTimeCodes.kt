package com.example.loans.security

import io.quarkus.redis.client.RedisClientName
import io.vertx.mutiny.redis.client.RedisAPI
import jakarta.enterprise.context.ApplicationScoped
import java.security.SecureRandom

/** Codes that are sent by SMS. Still with the API of Vert.x, from before the data sources. */
@ApplicationScoped
class OneTimeCodes(@RedisClientName("otp") private val api: RedisAPI) {
    private val random = SecureRandom()

    fun issue(phone: String): String {
        val code = "%06d".format(random.nextInt(1_000_000))
        api.setAndAwait(listOf("otp:$phone", code, "EX", "300"))
        return code
    }

    fun check(phone: String, code: String): Boolean {
        val known = api.getdelAndAwait("otp:$phone") ?: return false
        return known.toString() == code
    }
}
