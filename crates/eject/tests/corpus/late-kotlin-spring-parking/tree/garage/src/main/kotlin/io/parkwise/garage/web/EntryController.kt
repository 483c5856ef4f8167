package io.parkwise.garage.web

import io.parkwise.garage.bays.BayRepository
import io.parkwise.garage.gates.GateLock
import io.parkwise.garage.occupancy.Occupancy
import io.parkwise.garage.payments.Terminal
import io.parkwise.garage.permits.Permit
import io.parkwise.garage.permits.PermitRepository
import io.parkwise.garage.tariffs.Tariffs
import org.springframework.http.HttpStatus
import org.springframework.web.bind.annotation.PathVariable
import org.springframework.web.bind.annotation.PostMapping
import org.springframework.web.bind.annotation.RequestParam
import org.springframework.web.bind.annotation.RestController
import org.springframework.web.server.ResponseStatusException
import java.time.Duration
import java.time.Instant

@RestController
class EntryController(
    private val bays: BayRepository,
    private val gates: GateLock,
    private val occupancy: Occupancy,
    private val permits: PermitRepository,
    private val tariffs: Tariffs,
    private val terminal: Terminal,
) {
    @PostMapping("/garages/{garage}/entries")
    fun enter(@PathVariable garage: String, @RequestParam gate: String, @RequestParam plate: String) =
        gates.exclusively(gate) {
            if (!occupancy.enter(garage, plate, bays.countByGarage(garage))) {
                throw ResponseStatusException(HttpStatus.CONFLICT, "full, or in already")
            }
        }

    @PostMapping("/garages/{garage}/exits")
    fun leave(@PathVariable garage: String, @RequestParam plate: String): Map<String, Any?> {
        val since = occupancy.leave(garage, plate) ?: throw ResponseStatusException(HttpStatus.NOT_FOUND)
        if (permits.findByPlate(plate).any { permit: Permit -> permit.garage == garage }) {
            return mapOf("cents" to 0)
        }
        val cents = tariffs.of(garage).price(Duration.between(since, Instant.now()))
        return mapOf("cents" to cents, "receipt" to terminal.charge(plate, cents))
    }
}
