package com.example.loans.events

import io.quarkus.redis.datasource.ReactiveRedisDataSource
import io.quarkus.redis.datasource.RedisDataSource
import io.quarkus.redis.datasource.pubsub.PubSubCommands
import io.quarkus.runtime.Startup
import io.smallrye.mutiny.Multi
import jakarta.annotation.PreDestroy
import jakarta.enterprise.context.ApplicationScoped
import java.util.function.Consumer

data class LoanApproved(val loan: String = "", val customer: String = "")

@Startup
@ApplicationScoped
class LoanEvents(
    blocking: RedisDataSource,
    private val reactive: ReactiveRedisDataSource,
) : Consumer<LoanApproved> {

    private val publisher = blocking.pubsub(LoanApproved::class.java)
    private val subscriber: PubSubCommands.RedisSubscriber = publisher.subscribe("loans.approved", this)

    fun approved(loan: String, customer: String) = publisher.publish("loans.approved", LoanApproved(loan, customer))

    fun stream(): Multi<LoanApproved> = reactive.pubsub(LoanApproved::class.java).subscribe("loans.approved")

    override fun accept(event: LoanApproved) {
        println("approved: ${event.loan}")
    }

    @PreDestroy
    fun stop() {
        subscriber.unsubscribe()
    }
}
