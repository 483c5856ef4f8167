package io.parcels.labels

import org.jetbrains.exposed.sql.Table
import org.jetbrains.exposed.sql.selectAll
import org.jetbrains.exposed.sql.transactions.transaction

object LabelTable : Table("labels") {
    val id = long("id")
    val redisKey = text("redis_key").nullable()
}

/** Prints labels; once asked Redis for them. */
class Labels {
    private val cache = mutableMapOf<Long, String>()

    fun get(id: Long): String = cache.getOrPut(id) { transaction { LabelTable.selectAll().first().toString() } }
}
