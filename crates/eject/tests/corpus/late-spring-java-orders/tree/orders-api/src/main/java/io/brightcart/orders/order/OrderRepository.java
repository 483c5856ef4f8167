package io.brightcart.orders.order;

import java.util.Optional;
import org.springframework.data.jpa.repository.JpaRepository;

interface OrderRepository extends JpaRepository<Order, Long> {

    Optional<Order> findByCartId(String cartId);
}
