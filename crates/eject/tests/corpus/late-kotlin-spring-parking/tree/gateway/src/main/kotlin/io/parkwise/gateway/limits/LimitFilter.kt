package io.parkwise.gateway.limits

import org.springframework.http.HttpStatus
import org.springframework.stereotype.Component
import org.springframework.web.server.ServerWebExchange
import org.springframework.web.server.WebFilter
import org.springframework.web.server.WebFilterChain
import reactor.core.publisher.Mono
import reactor.core.scheduler.Schedulers

@Component
class LimitFilter(private val limits: PartnerLimits) : WebFilter {
    override fun filter(exchange: ServerWebExchange, chain: WebFilterChain): Mono<Void> {
        val partner = exchange.request.headers.getFirst("X-Partner") ?: return chain.filter(exchange)
        return Mono.fromCallable { limits.admits(partner) }
            .subscribeOn(Schedulers.boundedElastic())
            .flatMap { admitted ->
                if (admitted) return@flatMap chain.filter(exchange)
                exchange.response.statusCode = HttpStatus.TOO_MANY_REQUESTS
                exchange.response.setComplete()
            }
    }
}
