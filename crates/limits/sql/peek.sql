-- What has been taken from each key, without taking anything.
--
--   $1 uuid[]  keys
--   $2 bigint  now in ns since 1970, or null for the database's clock
--
-- A row for each key, in the order of $1; nulls but for the time where nothing has been taken.
-- Index: limits_fast_pkey.
select
    held.spent_from,
    held.spent_to,
    coalesce($2, (extract(epoch from clock_timestamp()) * 1000000)::bigint * 1000),
    held.window_ends_ns,
    held.blocked_until_ns,
    held.lapses_at_ns,
    held.previous
from unnest($1::uuid[]) with ordinality as asked (key, position)
left join pgstead.limits_fast as held on held.key = asked.key
order by asked.position
