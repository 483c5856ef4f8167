package io.parkwise.garage

import org.springframework.boot.autoconfigure.SpringBootApplication
import org.springframework.boot.runApplication
import org.springframework.scheduling.annotation.EnableScheduling

@SpringBootApplication
@EnableScheduling
class GarageApplication

fun main(args: Array<String>) {
    runApplication<GarageApplication>(*args)
}
