-- What there is to deliver.
--
--   $1 uuid[]  the events
--   $2 uuid[]  the endpoint of each
--
-- A row for each that is still there, with its place in the arrays. Secrets that sign: the newest first.
-- Index: webhook_deliveries_pkey, webhook_events_pkey, webhook_endpoints_pkey, webhook_secrets_pkey.
select
    asked.number,
    event.key,
    event.type,
    event.payload,
    held.state,
    endpoint.url,
    endpoint.headers,
    endpoint.sealed_by,
    endpoint.concurrency,
    endpoint.rate,
    endpoint.rate_per_ms,
    endpoint.disabled_at is not null as disabled,
    secrets.ids,
    secrets.kinds,
    secrets.sealed,
    secrets.sealed_by as secrets_sealed_by,
    clock_timestamp() as now
from unnest($1::uuid[], $2::uuid[]) with ordinality as asked (event, endpoint, number)
join pgstead.webhook_deliveries as held
    on held.event = asked.event and held.endpoint = asked.endpoint
join pgstead.webhook_events as event on event.id = asked.event
join pgstead.webhook_endpoints as endpoint on endpoint.id = asked.endpoint
cross join lateral (
    select
        array_agg(id order by created_at desc, id) as ids,
        array_agg(kind order by created_at desc, id) as kinds,
        array_agg(sealed order by created_at desc, id) as sealed,
        array_agg(sealed_by order by created_at desc, id) as sealed_by
    from pgstead.webhook_secrets
    where webhook_secrets.endpoint = asked.endpoint
        and (expires_at is null or expires_at > clock_timestamp())
) as secrets
