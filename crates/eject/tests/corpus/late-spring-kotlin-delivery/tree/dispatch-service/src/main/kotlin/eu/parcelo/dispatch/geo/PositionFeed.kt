package eu.parcelo.dispatch.geo

import org.springframework.context.annotation.Bean
import org.springframework.context.annotation.Configuration
import org.springframework.data.redis.connection.Message
import org.springframework.data.redis.connection.MessageListener
import org.springframework.data.redis.connection.RedisConnectionFactory
import org.springframework.data.redis.listener.ChannelTopic
import org.springframework.data.redis.listener.RedisMessageListenerContainer
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter
import java.util.concurrent.CopyOnWriteArrayList

@Configuration
class PositionFeed : MessageListener {
    private val emitters = CopyOnWriteArrayList<SseEmitter>()

    fun follow(): SseEmitter = SseEmitter(0L).also(emitters::add)

    override fun onMessage(message: Message, pattern: ByteArray?) {
        emitters.removeIf { runCatching { it.send(String(message.body)) }.isFailure }
    }

    @Bean
    fun listeners(factory: RedisConnectionFactory) = RedisMessageListenerContainer().apply {
        setConnectionFactory(factory)
        addMessageListener(this@PositionFeed, ChannelTopic.of("positions"))
    }
}
