-- Gives back what is left of leases.
--
--   $1 uuid[]    keys: ascending, each once
--   $2 bigint[]  what is left, in units
--   $3 bigint[]  the windows' ends; null for a token bucket
--   $4 bigint[]  token bucket: where the lease ends in what was spent
--   $5 bigint[]  when the rows were made that they were taken from
--
-- To the window it was taken from, or to nobody. To a bucket only from its end: a lease is a piece
-- of the bucket's time, and no two may be granted the same piece. Index: limits_fast_pkey.
with asked as materialized (
    select
        unnest($1::uuid[]) as key,
        unnest($2::bigint[]) as units,
        unnest($3::bigint[]) as window_ends_ns,
        unnest($4::bigint[]) as leased_to_ns,
        unnest($5::bigint[]) as born_ns
),
locked as materialized (
    select key from pgstead.limits_fast where key = any ($1::uuid[]) order by key for update
)
update pgstead.limits_fast as held set
    spent_to = greatest(0, held.spent_to - asked.units),
    leased_to_ns = case
        when asked.window_ends_ns is null then held.spent_to - asked.units
        else held.leased_to_ns
    end
from asked
where held.key = asked.key
    and held.key in (select key from locked)
    and held.born_ns = asked.born_ns
    and held.window_ends_ns is not distinct from asked.window_ends_ns
    and (asked.window_ends_ns is not null or held.spent_to = asked.leased_to_ns)
