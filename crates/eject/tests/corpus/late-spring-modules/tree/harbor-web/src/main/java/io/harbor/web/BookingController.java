package io.harbor.web;

import io.harbor.common.carts.Cart;
import io.harbor.common.carts.CartRepository;
import io.harbor.common.locks.DistributedLock;
import io.harbor.common.locks.LocalLock;
import java.util.List;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
public class BookingController {
    private final CartRepository carts;
    private final DistributedLock locks;
    private final LocalLock local = new LocalLock();

    BookingController(CartRepository carts, DistributedLock locks) {
        this.carts = carts;
        this.locks = locks;
    }

    @GetMapping("/berths")
    @Cacheable("berths")
    public List<String> berths() {
        return List.of("A1", "A2");
    }

    @PostMapping("/book")
    @CacheEvict(value = "berths", allEntries = true)
    public String book(String berth, String customer) throws InterruptedException {
        local.with(customer, () -> {});
        List<Cart> open = carts.findByCustomer(customer);
        return locks.with(berth, () -> "booked, and Redis knows of " + open.size());
    }
}
