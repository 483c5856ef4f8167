package io.brightcart.orders.stock;

import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.stereotype.Component;

@Component
public class StockPublisher {

    private final StringRedisTemplate template;

    StockPublisher(StringRedisTemplate template) {
        this.template = template;
    }

    public void changed(String sku, long left) {
        template.convertAndSend("stock." + sku, Long.toString(left));
    }
}
