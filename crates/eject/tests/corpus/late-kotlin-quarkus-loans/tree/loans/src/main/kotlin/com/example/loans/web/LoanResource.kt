package com.example.loans.web

import com.example.loans.domain.Draft
import com.example.loans.domain.LoanRepository
import com.example.loans.drafts.DraftStore
import com.example.loans.events.LoanApproved
import com.example.loans.events.LoanEvents
import com.example.loans.rates.RateTable
import com.example.loans.security.OneTimeCodes
import com.example.loans.security.Throttle
import io.smallrye.mutiny.Multi
import jakarta.ws.rs.GET
import jakarta.ws.rs.POST
import jakarta.ws.rs.Path
import jakarta.ws.rs.WebApplicationException
import org.jboss.resteasy.reactive.RestStreamElementType

@Path("/loans")
class LoanResource(
    private val drafts: DraftStore,
    private val codes: OneTimeCodes,
    private val events: LoanEvents,
    private val rates: RateTable,
    private val loans: LoanRepository,
    private val throttle: Throttle,
) {
    @POST
    @Path("/drafts")
    fun save(draft: Draft): Map<String, String> {
        if (!throttle.allows(draft.customer)) throw WebApplicationException(429)
        return mapOf("id" to drafts.save(draft), "rate" to rates.rate(draft.months))
    }

    @POST
    @Path("/drafts/{id}/approve/{code}")
    fun approve(id: String, code: String) {
        val draft = drafts.find(id) ?: throw WebApplicationException(404)
        if (!codes.check(draft.customer, code)) throw WebApplicationException(403)
        events.approved(id, draft.customer)
        drafts.forget(id)
    }

    @GET
    @Path("/approved")
    @RestStreamElementType("application/json")
    fun approved(): Multi<LoanApproved> = events.stream()

    @GET
    @Path("/of/{customer}")
    fun of(customer: String) = loans.of(customer)
}
