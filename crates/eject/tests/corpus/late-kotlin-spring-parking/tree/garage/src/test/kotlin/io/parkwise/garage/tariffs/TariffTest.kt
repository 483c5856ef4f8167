package io.parkwise.garage.tariffs

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test
import java.time.Duration

class TariffTest {
    @Test
    fun `a day costs no more than a day`() {
        val tariff = Tariff("north", centsPerHour = 300, dailyCents = 1800)
        assertEquals(1800, tariff.price(Duration.ofHours(20)))
        assertEquals(2100, tariff.price(Duration.ofHours(25)))
    }
}
