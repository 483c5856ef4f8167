package eu.parcelo.dispatch.web

import eu.parcelo.dispatch.assign.Assignments
import eu.parcelo.dispatch.catalog.Menus
import eu.parcelo.dispatch.geo.CourierPositions
import org.springframework.http.HttpStatus
import org.springframework.web.bind.annotation.GetMapping
import org.springframework.web.bind.annotation.PathVariable
import org.springframework.web.bind.annotation.PostMapping
import org.springframework.web.bind.annotation.RequestParam
import org.springframework.web.bind.annotation.ResponseStatus
import org.springframework.web.bind.annotation.RestController

@RestController
class DispatchController(
    private val assignments: Assignments,
    private val positions: CourierPositions,
    private val menus: Menus,
) {
    @PostMapping("/orders/{id}/assign")
    fun assign(@PathVariable id: String, @RequestParam lat: Double, @RequestParam lon: Double) =
        mapOf("courier" to assignments.assign(id, lat, lon))

    @PostMapping("/orders/{id}/handover")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    fun handover(@PathVariable id: String, @RequestParam pin: String) = assignments.handover(id, pin)

    @PostMapping("/couriers/{id}/position")
    fun moved(@PathVariable id: String, @RequestParam lat: Double, @RequestParam lon: Double) = positions.moved(id, lat, lon)

    @GetMapping("/restaurants/{id}/menu")
    fun menu(@PathVariable id: Long) = menus.of(id)
}
