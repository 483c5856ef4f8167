-- Has nothing granted from each key until then; a time that is past lifts a block.
--
--   $1 uuid[]    keys: ascending, each once
--   $2 bigint[]  for how long, in ns
--   $3 bigint    now in ns since 1970, or null for the database's clock
--
-- What had been taken stays as it was. Index: limits_fast_pkey.
insert into pgstead.limits_fast as held
    (key, spent_from, spent_to, asked_at_ns, blocked_until_ns)
select key, 0, 0, now_ns, now_ns + for_ns
from (
    select
        unnest($1::uuid[]) as key,
        unnest($2::bigint[]) as for_ns,
        now_ns
    from (
        select coalesce($3, (extract(epoch from clock_timestamp()) * 1000000)::bigint * 1000)
            as now_ns
        offset 0
    ) as clock
) as asked
on conflict (key) do update set
    blocked_until_ns = excluded.blocked_until_ns,
    asked_at_ns = excluded.asked_at_ns
returning
    spent_from,
    spent_to,
    asked_at_ns,
    window_ends_ns,
    blocked_until_ns,
    lapses_at_ns,
    previous
