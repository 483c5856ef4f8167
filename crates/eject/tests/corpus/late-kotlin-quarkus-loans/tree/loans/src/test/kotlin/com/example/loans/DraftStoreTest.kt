package com.example.loans

import com.example.loans.domain.Draft
import com.example.loans.drafts.DraftStore
import io.quarkus.test.common.QuarkusTestResource
import io.quarkus.test.junit.QuarkusTest
import jakarta.inject.Inject
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Test

@QuarkusTest
@QuarkusTestResource(RedisResource::class)
class DraftStoreTest {
    @Inject
    lateinit var store: DraftStore

    @Test
    fun `a draft can be forgotten`() {
        val id = store.save(Draft(customer = "Ada"))
        store.forget(id)
        assertNull(store.find(id))
    }
}
