-- Sends to an endpoint what it wants and never got, a page of it: what has failed, what came while it was
-- disabled, and what was published before it was there.
--
--   $1 uuid         the endpoint
--   $2 timestamptz  what was published since then
--   $3 uuid         after that event, or null
--   $4 integer      how many events are looked at
--
-- Comes back: the last event that was looked at, and how many were sent. Index: webhook_events_tenant,
-- webhook_deliveries_pkey, webhook_endpoints_pkey.
with wanting as materialized (
    select id, tenant, patterns, fifo from pgstead.webhook_endpoints where id = $1
),
page as materialized (
    select event.id, event.type
    from pgstead.webhook_events as event
    where event.tenant = (select tenant from wanting)
        and event.id >= pgstead.webhook_first_id($2)
        and event.id > coalesce($3, '00000000-0000-0000-0000-000000000000'::uuid)
    order by event.id
    limit $4
),
wanted as (
    select page.id as event
    from page cross join wanting
    where exists (
        select from unnest(wanting.patterns) as one (pattern)
        where page.type like pattern
            and (page.type not like 'pgstead.%' or pattern like 'pgstead.%')
    )
),
again as (
    insert into pgstead.webhook_deliveries as held (event, endpoint)
    select event, $1 from wanted order by event
    on conflict (event, endpoint) do update set
        state = 'pending',
        changed_at = now(),
        next_at = null
    where held.state in ('failed', 'missed')
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
                case when wanting.fifo then jsonb_build_object('x-pgmq-group', $1) end
                order by again.event
            ) as headers
        from again cross join wanting
        having count(*) > 0
    ) as batch
    cross join lateral pgmq.send_batch('webhooks', batch.jobs, batch.headers) as sent
)
select (select id from page order by id desc limit 1) as last, sent.count from sent
