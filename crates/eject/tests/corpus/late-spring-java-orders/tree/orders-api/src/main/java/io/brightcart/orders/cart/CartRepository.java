package io.brightcart.orders.cart;

import org.springframework.data.repository.ListCrudRepository;

interface CartRepository extends ListCrudRepository<Cart, String> {}
