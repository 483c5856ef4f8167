package io.parcels.api

import io.ktor.server.application.Application
import io.ktor.server.application.install
import io.ktor.server.netty.EngineMain
import io.ktor.server.routing.routing
import io.parcels.api.auth.RefreshTokens
import io.parcels.api.auth.authRoutes
import io.parcels.api.limits.RateLimit
import io.parcels.api.limits.rateLimitPlugin
import io.parcels.api.redis.redisModule
import io.parcels.labels.Labels
import org.koin.core.module.dsl.singleOf
import org.koin.dsl.module
import org.koin.ktor.ext.get
import org.koin.ktor.plugin.Koin

fun main(args: Array<String>) = EngineMain.main(args)

fun Application.module() {
    install(Koin) {
        modules(redisModule(environment), module {
            singleOf(::RefreshTokens)
            singleOf(::RateLimit)
            single { Labels() }
        })
    }
    routing {
        install(rateLimitPlugin(get()))
        authRoutes()
    }
}
