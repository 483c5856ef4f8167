package io.brightcart.orders.order;

import io.brightcart.orders.cart.CartLine;
import io.brightcart.orders.cart.CartService;
import io.brightcart.orders.catalog.ProductService;
import io.brightcart.orders.stock.StockPublisher;
import io.brightcart.platform.redis.LockService;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.core.script.RedisScript;
import org.springframework.stereotype.Service;

@Service
public class OrderService {

    private final OrderRepository orders;
    private final CartService carts;
    private final ProductService products;
    private final LockService locks;
    private final StockPublisher stock;
    private final StringRedisTemplate redis;
    private final RedisScript<Long> reserveStock;
    private final RabbitTemplate rabbit;

    OrderService(
            OrderRepository orders,
            CartService carts,
            ProductService products,
            LockService locks,
            StockPublisher stock,
            StringRedisTemplate redis,
            RedisScript<Long> reserveStock,
            RabbitTemplate rabbit) {
        this.orders = orders;
        this.carts = carts;
        this.products = products;
        this.locks = locks;
        this.stock = stock;
        this.redis = redis;
        this.reserveStock = reserveStock;
        this.rabbit = rabbit;
    }

    public long place(String cartId) {
        return locks.withLock("cart:" + cartId, Duration.ofSeconds(2), Duration.ofSeconds(30), () -> book(cartId));
    }

    private long book(String cartId) {
        Order order = orders.findByCartId(cartId).orElseGet(Order::new);
        if (order.id != null) {
            return order.id;
        }
        BigDecimal total = BigDecimal.ZERO;
        for (CartLine line : carts.take(cartId)) {
            Long left = redis.execute(reserveStock, List.of("stock:" + line.sku()), Integer.toString(line.quantity()));
            if (left == null || left < 0) {
                throw new IllegalStateException("not enough of " + line.sku());
            }
            stock.changed(line.sku(), left);
            total = total.add(products.price(line.sku()).multiply(BigDecimal.valueOf(line.quantity())));
        }
        order.cartId = cartId;
        order.total = total;
        long id = orders.save(order).id;
        rabbit.convertAndSend("orders", "order.placed", id);
        return id;
    }
}
