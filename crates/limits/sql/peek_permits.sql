-- How many permits of each key are out, without giving out or prolonging any.
--
--   $1 uuid[]  keys
--   $2 bigint  now in ns since 1970, or null for the database's clock
--
-- A row for each key, in the order of $1: how many are out, the time, and when the first of them
-- expires. Index: permits_fast_pkey.
select
    live.count,
    clock.now_ns,
    live.first_ns
from (
    select coalesce($2, (extract(epoch from clock_timestamp()) * 1000000)::bigint * 1000) as now_ns
    offset 0
) as clock
cross join unnest($1::uuid[]) with ordinality as asked (key, position)
left join pgstead.permits_fast as held on held.key = asked.key
cross join lateral (
    select count(*) as count, min(expires_at_ns) as first_ns
    from unnest(held.expire_at_ns) as one (expires_at_ns)
    where expires_at_ns > clock.now_ns
) as live
order by asked.position
