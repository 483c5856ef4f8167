-- Counts what was refused as if it had been granted.
--
--   $1 uuid[]    keys: ascending, each once
--   $2 bigint[]  units
--   $3 bigint[]  the most that a key may owe by it, in units
--   $4 bigint    now in ns since 1970, or null for the database's clock
--
-- Index: limits_fast_pkey.
with asked as materialized (
    select
        unnest($1::uuid[]) as key,
        unnest($2::bigint[]) as units,
        unnest($3::bigint[]) as most,
        now_ns
    from (
        select coalesce($4, (extract(epoch from clock_timestamp()) * 1000000)::bigint * 1000)
            as now_ns
        offset 0
    ) as clock
),
locked as materialized (
    select key from pgstead.limits_fast where key = any ($1::uuid[]) order by key for update
)
update pgstead.limits_fast as held set
    spent_to = case
        when held.window_ends_ns is null then greatest(
            held.spent_to,
            least(greatest(held.spent_to, asked.now_ns) + asked.units, asked.now_ns + asked.most)
        )
        else greatest(held.spent_to, least(held.spent_to + asked.units, asked.most))
    end
from asked
where held.key = asked.key
    and held.key in (select key from locked)
    and (held.window_ends_ns is null or held.window_ends_ns > asked.now_ns)
