-- Counts what was refused as if it had been granted.
--
--   $1 uuid[]    keys: ascending, each once
--   $2 bigint[]  units
--   $3 bigint[]  the most that a key may owe by it, in units
--   $4 bigint[]  how long a sliding window is, in ns; null for the others
--   $5 bigint    now in ns since 1970, or null for the database's clock
--
-- Index: limits_fast_pkey.
with asked as materialized (
    select
        unnest($1::uuid[]) as key,
        unnest($2::bigint[]) as units,
        unnest($3::bigint[]) as most,
        unnest($4::bigint[]) as window_ns,
        now_ns
    from (
        select coalesce($5, (extract(epoch from clock_timestamp()) * 1000000)::bigint * 1000)
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
        when held.window_ends_ns <= asked.now_ns then asked.units
        else greatest(held.spent_to, least(held.spent_to + asked.units, asked.most))
    end,
    -- A sliding window that has ended is the one before, of one that begins with this.
    previous = case
        when held.window_ends_ns <= asked.now_ns then held.spent_to
        else held.previous
    end,
    window_ends_ns = case
        when held.window_ends_ns <= asked.now_ns then held.window_ends_ns + asked.window_ns
        else held.window_ends_ns
    end,
    keep_until_ns = greatest(held.keep_until_ns, held.window_ends_ns + 2 * asked.window_ns)
from asked
where held.key = asked.key
    and held.key in (select key from locked)
    and (
        held.window_ends_ns is null
        or held.window_ends_ns > asked.now_ns
        or held.window_ends_ns + asked.window_ns > asked.now_ns
    )
