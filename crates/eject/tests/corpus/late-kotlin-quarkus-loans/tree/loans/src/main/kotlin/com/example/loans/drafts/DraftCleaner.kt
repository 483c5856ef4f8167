package com.example.loans.drafts

import io.quarkus.logging.Log
import io.quarkus.scheduler.Scheduled
import jakarta.enterprise.context.ApplicationScoped

@ApplicationScoped
class DraftCleaner(private val store: DraftStore) {

    @Scheduled(every = "1h")
    fun count() {
        Log.infof("%d drafts in redis", store.count())
    }
}
