package io.brightcart.orders.cart;

import java.time.Instant;
import java.util.List;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.stereotype.Service;

@Service
public class CartService {

    private static final String ACTIVE = "carts:active";

    private final CartRepository carts;
    private final StringRedisTemplate redis;

    CartService(CartRepository carts, StringRedisTemplate redis) {
        this.carts = carts;
        this.redis = redis;
    }

    public List<CartLine> add(String id, CartLine line) {
        Cart cart = carts.findById(id).orElseGet(() -> new Cart(id));
        cart.lines.add(line);
        carts.save(cart);
        redis.opsForZSet().add(ACTIVE, id, Instant.now().getEpochSecond());
        return List.copyOf(cart.lines);
    }

    public List<CartLine> take(String id) {
        Cart cart = carts.findById(id).orElseThrow();
        carts.delete(cart);
        redis.opsForZSet().remove(ACTIVE, id);
        return cart.lines;
    }
}
