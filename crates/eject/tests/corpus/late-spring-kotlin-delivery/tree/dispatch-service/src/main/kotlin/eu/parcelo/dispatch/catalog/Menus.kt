package eu.parcelo.dispatch.catalog

import com.github.benmanes.caffeine.cache.Caffeine
import org.springframework.cache.annotation.CacheEvict
import org.springframework.cache.annotation.Cacheable
import org.springframework.jdbc.core.JdbcTemplate
import org.springframework.stereotype.Service
import java.time.Duration

@Service
class Menus(private val jdbc: JdbcTemplate) {

    // The picture of a dish never changes, so each process keeps some.
    private val pictures = Caffeine.newBuilder().maximumSize(500).expireAfterWrite(Duration.ofDays(1)).build<Long, ByteArray>()

    @Cacheable(cacheNames = ["menus"], key = "#restaurant", sync = true)
    fun of(restaurant: Long): List<String> =
        jdbc.queryForList("select name from dishes where restaurant_id = ? order by position", String::class.java, restaurant)

    @CacheEvict(cacheNames = ["menus"], key = "#restaurant")
    fun changed(restaurant: Long) {
        jdbc.update("update restaurants set changed_at = now() where id = ?", restaurant)
    }

    fun picture(dish: Long): ByteArray? = pictures.get(dish) {
        jdbc.queryForObject("select picture from dishes where id = ?", ByteArray::class.java, it)
    }
}
