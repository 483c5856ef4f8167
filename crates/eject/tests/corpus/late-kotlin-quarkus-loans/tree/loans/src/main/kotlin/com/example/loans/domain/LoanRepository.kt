package com.example.loans.domain

import io.quarkus.hibernate.orm.panache.kotlin.PanacheEntity
import io.quarkus.hibernate.orm.panache.kotlin.PanacheRepository
import jakarta.enterprise.context.ApplicationScoped
import jakarta.persistence.Cacheable
import jakarta.persistence.Column
import jakarta.persistence.Entity
import jakarta.persistence.Table

@Entity
@Cacheable
@Table(name = "counter_sessions")
class CounterSession : PanacheEntity() {
    lateinit var customer: String

    @Column(name = "redis_draft_id")
    var draft: String? = null
}

@ApplicationScoped
class LoanRepository : PanacheRepository<CounterSession> {
    fun of(customer: String) = find("customer", customer).list()
}
