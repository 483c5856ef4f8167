package eu.parcelo.dispatch.assign

import org.redisson.api.RBlockingQueue
import org.redisson.api.RDelayedQueue
import org.redisson.api.RedissonClient
import org.redisson.client.codec.StringCodec
import org.springframework.stereotype.Component
import java.util.concurrent.TimeUnit

@Component
class AssignmentRetries(redisson: RedissonClient) {
    private val due: RBlockingQueue<String> = redisson.getBlockingQueue("assign:due", StringCodec.INSTANCE)
    private val delayed: RDelayedQueue<String> = redisson.getDelayedQueue(due)

    fun later(order: String) = delayed.offer(order, 20, TimeUnit.SECONDS)

    fun next(): String? = due.poll(5, TimeUnit.SECONDS)
}
