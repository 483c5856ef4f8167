package io.parkwise.garage.config

import org.redisson.Redisson
import org.redisson.api.RedissonClient
import org.redisson.config.Config
import org.springframework.beans.factory.annotation.Value
import org.springframework.context.annotation.Bean
import org.springframework.context.annotation.Configuration
import org.springframework.context.annotation.Profile

@Configuration(proxyBeanMethods = false)
@Profile("!local")
class RedissonConfig(@Value("\${parkwise.redisson.address}") private val address: String) {

    @Bean(destroyMethod = "shutdown")
    fun redisson(): RedissonClient {
        val config = Config()
        config.useSingleServer()
            .setAddress(address)
            .setClientName("garage")
            .setConnectionMinimumIdleSize(2)
        return Redisson.create(config)
    }
}
