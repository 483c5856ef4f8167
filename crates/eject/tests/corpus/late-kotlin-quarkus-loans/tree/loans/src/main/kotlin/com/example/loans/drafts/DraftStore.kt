package com.example.loans.drafts

import com.example.loans.domain.Draft
import io.quarkus.redis.datasource.RedisDataSource
import io.quarkus.redis.datasource.keys.KeyScanArgs
import io.quarkus.redis.datasource.value.SetArgs
import io.quarkus.redis.datasource.value.ValueCommands
import jakarta.enterprise.context.ApplicationScoped
import java.time.Duration
import java.util.UUID

@ApplicationScoped
class DraftStore(private val redis: RedisDataSource) {

    private val drafts: ValueCommands<String, Draft> = redis.value(Draft::class.java)
    private val owners = redis.hash(String::class.java)

    fun save(draft: Draft): String {
        val id = draft.id.ifEmpty { UUID.randomUUID().toString() }
        drafts.set("draft:$id", draft.copy(id = id), SetArgs().ex(Duration.ofDays(7)))
        owners.hset("draft:owners", id, draft.customer)
        return id
    }

    fun find(id: String): Draft? = drafts.get("draft:$id")

    fun forget(id: String) {
        redis.withTransaction { tx ->
            tx.key().del("draft:$id")
            tx.hash(String::class.java).hdel("draft:owners", id)
        }
    }

    fun count(): Int {
        val cursor = redis.key().scan(KeyScanArgs().match("draft:*").count(500))
        var found = 0
        while (cursor.hasNext()) found += cursor.next().size
        return found
    }
}
