-- Gives units back to each key: to the window that is open, or to the bucket.
--
--   $1 uuid[]    keys: ascending, each once
--   $2 bigint[]  units
--   $3 bigint    now in ns since 1970, or null for the database's clock
--
-- No key has more for it than if nothing had been taken. A bucket gets nothing back below the end
-- of a lease: what a lease holds, nobody else may be granted.
--
-- Index: limits_fast_pkey.
with asked as materialized (
    select
        unnest($1::uuid[]) as key,
        unnest($2::bigint[]) as units,
        now_ns
    from (
        select coalesce($3, (extract(epoch from clock_timestamp()) * 1000000)::bigint * 1000)
            as now_ns
        offset 0
    ) as clock
),
locked as materialized (
    select key from pgstead.limits_fast where key = any ($1::uuid[]) order by key for update
)
update pgstead.limits_fast as held set
    spent_to = case
        when held.window_ends_ns is null then least(
            held.spent_to,
            greatest(held.spent_to - asked.units, asked.now_ns, held.leased_to_ns)
        )
        else greatest(0, held.spent_to - asked.units)
    end,
    asked_at_ns = asked.now_ns
from asked
where held.key = asked.key
    and held.key in (select key from locked)
    and (held.window_ends_ns is null or held.window_ends_ns > asked.now_ns)
