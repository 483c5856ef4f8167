package io.brightcart.orders.stock;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.listener.PatternTopic;
import org.springframework.data.redis.listener.RedisMessageListenerContainer;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

@Configuration
class StockSubscription {

    private final List<SseEmitter> emitters = new CopyOnWriteArrayList<>();

    @Bean
    RedisMessageListenerContainer stockContainer(RedisConnectionFactory connectionFactory) {
        RedisMessageListenerContainer container = new RedisMessageListenerContainer();
        container.setConnectionFactory(connectionFactory);
        container.addMessageListener((message, pattern) -> broadcast(new String(message.getBody())), PatternTopic.of("stock.*"));
        return container;
    }

    private void broadcast(String left) {
        for (SseEmitter emitter : emitters) {
            try {
                emitter.send(left);
            } catch (Exception e) {
                emitters.remove(emitter);
            }
        }
    }
}
