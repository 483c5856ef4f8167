package eu.parcelo.dispatch.web

import io.github.bucket4j.Bandwidth
import io.github.bucket4j.BucketConfiguration
import io.github.bucket4j.distributed.proxy.ProxyManager
import jakarta.servlet.FilterChain
import jakarta.servlet.http.HttpServletRequest
import jakarta.servlet.http.HttpServletResponse
import org.springframework.stereotype.Component
import org.springframework.web.filter.OncePerRequestFilter
import java.time.Duration

@Component
class RateLimitFilter(private val buckets: ProxyManager<String>) : OncePerRequestFilter() {

    private val perMinute: BucketConfiguration = BucketConfiguration.builder()
        .addLimit(Bandwidth.builder().capacity(120).refillGreedy(120, Duration.ofMinutes(1)).build())
        .build()

    override fun doFilterInternal(request: HttpServletRequest, response: HttpServletResponse, chain: FilterChain) {
        val caller = request.getHeader("X-Api-Key") ?: request.remoteAddr
        val bucket = buckets.builder().build("rl:$caller") { perMinute }
        val probe = bucket.tryConsumeAndReturnRemaining(1)
        if (probe.isConsumed) {
            response.setHeader("X-Rate-Limit-Remaining", probe.remainingTokens.toString())
            chain.doFilter(request, response)
        } else {
            response.sendError(429)
        }
    }
}
