package io.parkwise.gateway.spaces

import com.github.benmanes.caffeine.cache.Caffeine
import org.springframework.data.redis.core.ReactiveStringRedisTemplate
import org.springframework.http.MediaType
import org.springframework.web.bind.annotation.GetMapping
import org.springframework.web.bind.annotation.PathVariable
import org.springframework.web.bind.annotation.RestController
import reactor.core.publisher.Flux
import reactor.core.publisher.Mono
import java.time.Duration

@RestController
class SpacesController(private val redis: ReactiveStringRedisTemplate) {
    private val names = Caffeine.newBuilder().expireAfterWrite(Duration.ofHours(1)).build<String, String>()

    @GetMapping("/spaces/{garage}")
    fun now(@PathVariable garage: String): Mono<Map<String, Any>> =
        redis.opsForHash<String, String>().size("occupancy:{$garage}")
            .map { mapOf("garage" to names.get(garage) { it.replaceFirstChar(Char::uppercase) }, "inside" to it) }

    @GetMapping("/spaces", produces = [MediaType.TEXT_EVENT_STREAM_VALUE])
    fun changes(): Flux<String> =
        redis.listenToChannel("spaces")
            .map { it.message }
            .onBackpressureLatest()
}
