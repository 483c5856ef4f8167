package io.parcels.api.limits

import java.util.concurrent.ConcurrentHashMap

class MemoryLimit {
    private val connection = ConcurrentHashMap<String, Long>()

    fun incr(key: String): Long = connection.merge(key, 1L, Long::plus)!!

    fun expire(key: String) = connection.remove(key)
}
