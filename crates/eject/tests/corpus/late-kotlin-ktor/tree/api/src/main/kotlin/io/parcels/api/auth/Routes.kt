package io.parcels.api.auth

import io.ktor.server.response.respondText
import io.ktor.server.routing.Route
import io.ktor.server.routing.post
import org.koin.ktor.ext.inject

fun Route.authRoutes() {
    val tokens by inject<RefreshTokens>()
    post("/refresh") {
        call.respondText(tokens.take(call.request.headers["Authorization"] ?: "") ?: "Redis does not know you")
    }
}
