package io.parcels.api.redis

import io.ktor.server.application.ApplicationEnvironment
import io.lettuce.core.ExperimentalLettuceCoroutinesApi
import io.lettuce.core.RedisClient
import io.lettuce.core.RedisURI
import io.lettuce.core.api.StatefulRedisConnection
import io.lettuce.core.api.coroutines
import io.lettuce.core.api.coroutines.RedisCoroutinesCommands
import org.koin.dsl.module
import org.koin.dsl.onClose

@OptIn(ExperimentalLettuceCoroutinesApi::class)
fun redisModule(environment: ApplicationEnvironment) = module {
    single {
        val uri = RedisURI.create(environment.config.property("redis.uri").getString())
        uri.clientName = "parcels"
        RedisClient.create(uri)
    } onClose { it?.shutdown() }
    single<StatefulRedisConnection<String, String>> { get<RedisClient>().connect() }
    single<RedisCoroutinesCommands<String, String>> { get<StatefulRedisConnection<String, String>>().coroutines() }
}
