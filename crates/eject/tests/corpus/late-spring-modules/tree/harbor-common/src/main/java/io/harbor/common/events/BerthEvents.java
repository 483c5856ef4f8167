package io.harbor.common.events;

import org.springframework.data.redis.connection.Message;
import org.springframework.data.redis.connection.MessageListener;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.listener.ChannelTopic;
import org.springframework.data.redis.listener.RedisMessageListenerContainer;
import org.springframework.stereotype.Component;

@Component
public class BerthEvents implements MessageListener {
    private final StringRedisTemplate redis;

    BerthEvents(StringRedisTemplate redis, RedisMessageListenerContainer container) {
        this.redis = redis;
        container.addMessageListener(this, new ChannelTopic("berths"));
    }

    public void freed(String berth) {
        redis.convertAndSend("berths", berth);
    }

    @Override
    public void onMessage(Message message, byte[] pattern) {
        System.out.println(message);
    }
}
