package com.example.scoring;

import io.micronaut.configuration.kafka.annotation.KafkaKey;
import io.micronaut.configuration.kafka.annotation.KafkaListener;
import io.micronaut.configuration.kafka.annotation.Topic;

@KafkaListener(groupId = "scoring")
class LoanListener {
    private final ScoreService scores;

    LoanListener(ScoreService scores) {
        this.scores = scores;
    }

    @Topic("loans.paid-back")
    void paidBack(@KafkaKey String customer, String loan) {
        scores.forget(customer);
    }
}
