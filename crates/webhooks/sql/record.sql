-- Keeps what came of attempts.
--
--   $1 uuid[]      their ids
--   $2 uuid[]      the event of each
--   $3 uuid[]      the endpoint
--   $4 smallint[]  the status of the response, or null
--   $5 text[]      what was wrong, or null
--   $6 integer[]   how many ms it took
--   $7 text[]      X-Request-Id of the response, or null
--   $8 text[]      the beginning of its body
--   $9 text[]      what the delivery is now
--   $10 bigint[]   in how many ms it is tried again, or null
--   $11 bigint     after how many ms of failures an endpoint is to be disabled
--
-- A delivery that succeeded stays so. Comes back, for each in the order of $1: whether its endpoint is to be
-- disabled. Index: webhook_deliveries_pkey, webhook_endpoints_pkey.
with given as materialized (
    select *
    from unnest(
        $1::uuid[], $2::uuid[], $3::uuid[], $4::smallint[], $5::text[], $6::integer[], $7::text[],
        $8::text[], $9::text[], $10::bigint[]
    ) with ordinality as one (
        id, event, endpoint, status, error, duration_ms, request_id, body, state, next_ms, place
    )
),
changed as (
    update pgstead.webhook_deliveries as held set
        state = case when held.state = 'delivered' then held.state else given.state end,
        attempts = held.attempts + 1,
        changed_at = now(),
        next_at = now() + given.next_ms * interval '1 millisecond'
    from given
    where held.event = given.event and held.endpoint = given.endpoint
    returning held.event, held.endpoint, held.attempts
),
kept as (
    insert into pgstead.webhook_attempts (
        id, event, endpoint, number, at, duration_ms, status, error, request_id, body
    )
    select
        given.id, given.event, given.endpoint, coalesce(changed.attempts, 1),
        now() - given.duration_ms * interval '1 millisecond', given.duration_ms, given.status,
        given.error, given.request_id, given.body
    from given left join changed using (event, endpoint)
    -- It was told before, and whoever did was not answered.
    on conflict (id) do nothing
),
fails as (
    update pgstead.webhook_endpoints as held set failing_since = now()
    where held.id = any (array(select endpoint from given where error is not null))
        and held.failing_since is null
),
recovers as (
    update pgstead.webhook_endpoints as held set failing_since = null
    where held.id = any (array(select endpoint from given where error is null))
        and held.failing_since is not null
)
select exists (
    select from pgstead.webhook_endpoints as endpoint
    where endpoint.id = given.endpoint
        and given.error is not null
        and endpoint.disabled_at is null
        and endpoint.failing_since < now() - $11::bigint * interval '1 millisecond'
) as is_to_be_disabled
from given
order by given.place
