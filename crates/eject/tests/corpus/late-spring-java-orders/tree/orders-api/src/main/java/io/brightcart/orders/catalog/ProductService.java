package io.brightcart.orders.catalog;

import java.math.BigDecimal;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

@Service
public class ProductService {

    private final JdbcClient jdbc;

    ProductService(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Cacheable(cacheNames = "products", key = "#sku", sync = true)
    public BigDecimal price(String sku) {
        return jdbc.sql("select price from products where sku = ?").param(sku).query(BigDecimal.class).single();
    }

    @CacheEvict(cacheNames = "products", key = "#sku")
    public void reprice(String sku, BigDecimal price) {
        jdbc.sql("update products set price = ? where sku = ?").params(price, sku).update();
    }
}
