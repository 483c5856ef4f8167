package io.brightcart.orders.web;

import io.brightcart.orders.cart.CartLine;
import io.brightcart.orders.cart.CartService;
import io.brightcart.orders.catalog.ProductService;
import io.brightcart.orders.order.OrderService;
import io.brightcart.platform.redis.LockBusyException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
class OrderController {

    private final CartService carts;
    private final OrderService orders;
    private final ProductService products;

    OrderController(CartService carts, OrderService orders, ProductService products) {
        this.carts = carts;
        this.orders = orders;
        this.products = products;
    }

    @PostMapping("/carts/{id}/lines")
    List<CartLine> add(@PathVariable String id, @RequestBody CartLine line) {
        return carts.add(id, line);
    }

    @PostMapping("/carts/{id}/checkout")
    @ResponseStatus(HttpStatus.CREATED)
    Map<String, Long> checkout(@PathVariable String id) {
        return Map.of("order", orders.place(id));
    }

    @GetMapping("/products/{sku}/price")
    BigDecimal price(@PathVariable String sku) {
        return products.price(sku);
    }

    @ExceptionHandler(LockBusyException.class)
    @ResponseStatus(HttpStatus.LOCKED)
    void busy() {}
}
