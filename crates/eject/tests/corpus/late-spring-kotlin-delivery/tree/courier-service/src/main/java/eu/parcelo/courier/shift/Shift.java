package eu.parcelo.courier.shift;

import org.springframework.data.annotation.Id;
import org.springframework.data.redis.core.RedisHash;
import org.springframework.data.redis.core.TimeToLive;
import org.springframework.data.redis.core.index.Indexed;

@RedisHash("shift")
public class Shift {
    @Id
    private String courier;
    @Indexed
    private String zone;
    @TimeToLive
    private long seconds;

    public Shift(String courier, String zone, long seconds) {
        this.courier = courier;
        this.zone = zone;
        this.seconds = seconds;
    }

    public String getCourier() {
        return courier;
    }
}
