package com.example.loans.domain

import java.math.BigDecimal
import java.time.Instant

data class Draft(
    val id: String = "",
    val customer: String = "",
    val amount: BigDecimal = BigDecimal.ZERO,
    val months: Int = 12,
    val cachedAt: Instant? = null,
)

/** What a customer did at the counter; has nothing to do with HTTP sessions, and none is kept in redis. */
enum class SessionState { OPEN, QUEUED, LOCKED, CLOSED }
