package eu.parcelo.dispatch.orders

import eu.parcelo.dispatch.assign.AssignmentRetries
import org.springframework.amqp.rabbit.annotation.RabbitListener
import org.springframework.amqp.rabbit.core.RabbitTemplate
import org.springframework.stereotype.Component

@Component
class OrderEvents(private val rabbit: RabbitTemplate, private val retries: AssignmentRetries) {

    @RabbitListener(queues = ["orders.ready"])
    fun ready(order: String) {
        retries.later(order)
        rabbit.convertAndSend("orders", "dispatch.seen", order)
    }
}
