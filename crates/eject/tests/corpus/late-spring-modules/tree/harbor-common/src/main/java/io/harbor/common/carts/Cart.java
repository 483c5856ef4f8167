package io.harbor.common.carts;

import java.util.List;
import org.springframework.data.annotation.Id;
import org.springframework.data.redis.core.RedisHash;
import org.springframework.data.redis.core.TimeToLive;
import org.springframework.data.redis.core.index.Indexed;

@RedisHash("carts")
public class Cart {
    @Id
    private String id;

    @Indexed
    private String customer;

    @TimeToLive
    private long seconds = 3600;

    private List<String> berths;

    public String getCustomer() {
        return customer;
    }
}
