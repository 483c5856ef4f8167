-- Sends again what an attempt was at.
--
--   $1 uuid  the attempt
--
-- Comes back: the delivery, and how many jobs were sent; none if it is on its way already.
-- Index: webhook_attempts_pkey, webhook_deliveries_pkey.
with again as (
    update pgstead.webhook_deliveries as held set
        state = 'pending',
        changed_at = now(),
        next_at = null
    from pgstead.webhook_attempts as attempt
    where attempt.id = $1
        and held.event = attempt.event
        and held.endpoint = attempt.endpoint
        and held.state <> 'pending'
    returning held.event, held.endpoint
)
select again.event, again.endpoint, sent.msg_id
from again
left join pgstead.webhook_endpoints as endpoint on endpoint.id = again.endpoint
cross join lateral pgmq.send_batch(
    'webhooks',
    array[jsonb_build_object('event', again.event, 'endpoint', again.endpoint)],
    array[case when endpoint.fifo then jsonb_build_object('x-pgmq-group', endpoint.id) end]
) as sent (msg_id)
