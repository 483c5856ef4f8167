package io.harbor.common.carts;

import java.util.List;
import org.springframework.data.repository.CrudRepository;

public interface CartRepository extends CrudRepository<Cart, String> {
    List<Cart> findByCustomer(String customer);
}
