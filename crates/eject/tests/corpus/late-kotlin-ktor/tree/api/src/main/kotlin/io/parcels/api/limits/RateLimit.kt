package io.parcels.api.limits

import io.ktor.server.application.createRouteScopedPlugin
import io.ktor.http.HttpStatusCode
import io.ktor.server.response.respond
import io.lettuce.core.ScriptOutputType
import io.lettuce.core.api.StatefulRedisConnection
import kotlinx.coroutines.future.await

private const val SCRIPT = """
local n = redis.call('INCR', KEYS[1])
if n == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return n
"""

class RateLimit(private val connection: StatefulRedisConnection<String, String>) {
    suspend fun allow(key: String, limit: Long = 60): Boolean {
        val count = connection.async()
            .eval<Long>(SCRIPT, ScriptOutputType.INTEGER, arrayOf("rate:$key"), "60")
            .await()
        return count <= limit
    }
}

fun rateLimitPlugin(limits: RateLimit) = createRouteScopedPlugin("RateLimit") {
    onCall { call ->
        if (!limits.allow(call.request.local.remoteHost)) call.respond(HttpStatusCode.TooManyRequests)
    }
}
