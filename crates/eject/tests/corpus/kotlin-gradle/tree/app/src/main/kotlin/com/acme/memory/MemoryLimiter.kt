package com.acme.memory

class MemoryLimiter {
    private val redis = HashMap<String, Int>()

    fun incr(key: String): Int = redis.merge(key, 1, Int::plus)!!
}
