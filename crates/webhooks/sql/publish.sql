-- Stores events and sends each to the endpoints that want it, all or none.
--
--   $1 text[]   the id of each that its publisher gave, or null
--   $2 text[]   its type
--   $3 text[]   its tenant, or ''
--   $4 text[]   its payload
--   $5 uuid[]   the one endpoint that it is for, or null for all that want it
--
-- An id that was given before names the event that it named then: of two at once one waits for the other's
-- row of the key. Rows come back in the order of the events. What is pgstead's own goes to those alone that
-- name it. Index: webhook_endpoints_tenant.
with given as materialized (
    select pgstead.webhook_id(now(), number) as id, key, type, tenant, payload, only_to, number
    from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::uuid[])
        with ordinality as one (key, type, tenant, payload, only_to, number)
),
named as (
    insert into pgstead.webhook_event_keys as held (key, event)
    select distinct on (key) key, id from given where key is not null order by key, number
    on conflict (key) do update set event = held.event
    returning key, event
),
told as materialized (
    select
        given.*,
        coalesce(named.event, given.id) as event,
        named.event is null or named.event = given.id as is_new
    from given left join named using (key)
),
stored as (
    insert into pgstead.webhook_events (id, key, type, tenant, payload)
    select id, key, type, tenant, payload from told where is_new
),
wanted as materialized (
    select told.id as event, endpoints.id as endpoint, endpoints.fifo, told.number
    from told
    join pgstead.webhook_endpoints as endpoints on endpoints.tenant = told.tenant
    where told.is_new and endpoints.disabled_at is null and case
        when told.only_to is not null then endpoints.id = told.only_to
        else exists (
            select from unnest(endpoints.patterns) as wanted (pattern)
            where told.type like pattern
                and (told.type not like 'pgstead.%' or pattern like 'pgstead.%')
        )
    end
),
delivered as (
    insert into pgstead.webhook_deliveries (event, endpoint) select event, endpoint from wanted
),
sent as (
    select count(*) as count
    from (
        select
            array_agg(
                jsonb_build_object('event', event, 'endpoint', endpoint) order by number, endpoint
            ) as jobs,
            array_agg(
                case when fifo then jsonb_build_object('x-pgmq-group', endpoint) end
                order by number, endpoint
            ) as headers
        from wanted
        having count(*) > 0
    ) as batch
    cross join lateral pgmq.send_batch('webhooks', batch.jobs, batch.headers) as sent
)
select
    told.event,
    told.is_new,
    (select count(*) from wanted where wanted.event = told.id) as deliveries,
    sent.count as sent
from told cross join sent
order by told.number
