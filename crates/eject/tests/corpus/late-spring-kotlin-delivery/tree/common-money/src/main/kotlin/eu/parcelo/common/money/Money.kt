package eu.parcelo.common.money

/** Cents, so that nobody rounds. */
@JvmInline
value class Money(val cents: Long) {
    operator fun plus(other: Money) = Money(cents + other.cents)

    /** Tips are redistributed in whole cents. */
    fun redistribute(among: Int): List<Money> =
        List(among) { i -> Money(cents / among + if (i < cents % among) 1 else 0) }
}
