package eu.parcelo.dispatch.geo

import org.springframework.data.geo.Distance
import org.springframework.data.geo.Metrics
import org.springframework.data.geo.Point
import org.springframework.data.redis.connection.RedisGeoCommands.GeoSearchCommandArgs
import org.springframework.data.redis.core.StringRedisTemplate
import org.springframework.data.redis.domain.geo.GeoReference
import org.springframework.stereotype.Service

@Service
class CourierPositions(private val template: StringRedisTemplate) {

    fun moved(courier: String, lat: Double, lon: Double) {
        template.opsForGeo().add(KEY, Point(lon, lat), courier)
        template.convertAndSend("positions", "$courier,$lat,$lon")
    }

    fun near(lat: Double, lon: Double, km: Double = 3.0): List<String> =
        template.opsForGeo()
            .search(
                KEY,
                GeoReference.fromCoordinate(lon, lat),
                Distance(km, Metrics.KILOMETERS),
                GeoSearchCommandArgs.newGeoSearchArgs().sortAscending().limit(10),
            )
            ?.content.orEmpty().map { it.content.name }

    private companion object {
        const val KEY = "couriers:geo"
    }
}
