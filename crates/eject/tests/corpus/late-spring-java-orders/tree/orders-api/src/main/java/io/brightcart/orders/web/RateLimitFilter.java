package io.brightcart.orders.web;

import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.distributed.proxy.ProxyManager;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

@Component
class RateLimitFilter extends OncePerRequestFilter {

    private final ProxyManager<String> buckets;
    private final BucketConfiguration perMinute = BucketConfiguration.builder()
            .addLimit(limit -> limit.capacity(240).refillGreedy(240, Duration.ofMinutes(1)))
            .build();

    RateLimitFilter(ProxyManager<String> buckets) {
        this.buckets = buckets;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        ConsumptionProbe probe = buckets.builder()
                .build("rl:" + request.getRemoteAddr(), () -> perMinute)
                .tryConsumeAndReturnRemaining(1);
        response.setHeader("X-Rate-Limit-Remaining", Long.toString(probe.getRemainingTokens()));
        if (!probe.isConsumed()) {
            response.sendError(429);
            return;
        }
        chain.doFilter(request, response);
    }
}
