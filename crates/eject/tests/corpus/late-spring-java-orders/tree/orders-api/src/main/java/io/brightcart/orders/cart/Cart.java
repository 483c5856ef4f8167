package io.brightcart.orders.cart;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.springframework.data.annotation.Id;
import org.springframework.data.redis.core.RedisHash;
import org.springframework.data.redis.core.TimeToLive;

@RedisHash("carts")
class Cart {

    @Id
    String id;

    List<CartLine> lines = new ArrayList<>();

    @TimeToLive(unit = TimeUnit.HOURS)
    long ttl = 72;

    Cart() {}

    Cart(String id) {
        this.id = id;
    }
}
