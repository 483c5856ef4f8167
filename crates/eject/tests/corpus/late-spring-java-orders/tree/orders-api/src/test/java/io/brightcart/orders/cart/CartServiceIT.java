package io.brightcart.orders.cart;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.mockito.Mockito;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.core.ZSetOperations;

class CartServiceIT {

    @Test
    @SuppressWarnings("unchecked")
    void addsALine() {
        CartRepository carts = Mockito.mock(CartRepository.class);
        StringRedisTemplate redis = Mockito.mock(StringRedisTemplate.class);
        Mockito.when(redis.opsForZSet()).thenReturn(Mockito.mock(ZSetOperations.class));

        assertThat(new CartService(carts, redis).add("c1", new CartLine("sku", 2))).hasSize(1);
    }
}
