-- Sends to an endpoint again what has failed, a page of it.
--
--   $1 uuid         the endpoint
--   $2 timestamptz  what was published since then
--   $3 uuid         after that event, or null
--   $4 integer      at most so many
--
-- Comes back: the last event of the page, and how many there were. Index: webhook_deliveries_endpoint.
with page as materialized (
    select event from pgstead.webhook_deliveries
    where endpoint = $1
        and state = 'failed'
        and event >= pgstead.webhook_first_id($2)
        and event > coalesce($3, '00000000-0000-0000-0000-000000000000'::uuid)
    order by event
    limit $4
),
again as (
    update pgstead.webhook_deliveries as held set
        state = 'pending',
        changed_at = now(),
        next_at = null
    where held.endpoint = $1
        and held.event = any (array(select event from page))
        and held.state = 'failed'
    returning held.event
),
sent as (
    select count(*) as count
    from (
        select
            array_agg(
                jsonb_build_object('event', again.event, 'endpoint', $1) order by again.event
            ) as jobs,
            array_agg(
                case when endpoint.fifo then jsonb_build_object('x-pgmq-group', $1) end
                order by again.event
            ) as headers
        from again
        left join pgstead.webhook_endpoints as endpoint on endpoint.id = $1
        having count(*) > 0
    ) as batch
    cross join lateral pgmq.send_batch('webhooks', batch.jobs, batch.headers) as sent
)
select (select event from page order by event desc limit 1) as last, sent.count from sent
