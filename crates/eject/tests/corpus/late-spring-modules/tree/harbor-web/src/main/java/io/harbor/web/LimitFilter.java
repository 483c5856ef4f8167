package io.harbor.web;

import io.harbor.common.limits.ApiLimits;
import jakarta.servlet.FilterChain;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

@Component
class LimitFilter extends OncePerRequestFilter {
    private final ApiLimits limits;

    LimitFilter(ApiLimits limits) {
        this.limits = limits;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, jakarta.servlet.ServletException {
        if (limits.allow(request.getRemoteAddr())) {
            chain.doFilter(request, response);
        } else {
            response.sendError(429);
        }
    }
}
