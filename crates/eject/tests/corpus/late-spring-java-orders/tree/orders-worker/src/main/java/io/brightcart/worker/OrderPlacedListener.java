package io.brightcart.worker;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.stereotype.Component;

@Component
class OrderPlacedListener {

    private static final Logger log = LoggerFactory.getLogger(OrderPlacedListener.class);

    @RabbitListener(queues = "order.placed", concurrency = "4")
    void onOrder(Long id) {
        log.info("order {} goes to the warehouse", id);
    }
}
