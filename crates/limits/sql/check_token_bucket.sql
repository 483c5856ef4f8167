-- Takes what is wanted from each token bucket as far as there is so much, for a whole flush.
--
--   $1 uuid[]    keys: ascending, each once, so that all processes lock rows in one order
--   $2 bigint[]  wanted, in ns: tokens times the policy's interval
--   $3 bigint[]  steps, in ns: what is granted is a multiple of it
--   $4 bigint[]  capacities, in ns: the burst
--   $5 bigint    now in ns since 1970, or null for the database's clock
--
-- Rows come back in the order of $1. Index: limits_fast_pkey. `arithmetic.rs` says the same in
-- Rust.
--
-- A new key becomes what `excluded` is: the grant of a full bucket, from now on. An old one starts
-- at its debt instead, if it has any; one that is blocked stays as it was. Time goes in as a column because on Citus `do update set`
-- takes no function that is not immutable.
insert into pgstead.limits_fast as held
    (key, spent_from, spent_to, asked_at_ns, step, capacity)
select
    key,
    now_ns,
    now_ns + least(wanted, capacity / step * step),
    now_ns,
    step,
    capacity
from (
    -- In the select list and not in `from`: a tenth quicker, since nothing is put by in between.
    select
        unnest($1::uuid[]) as key,
        unnest($2::bigint[]) as wanted,
        unnest($3::bigint[]) as step,
        unnest($4::bigint[]) as capacity,
        now_ns
    from (
        select coalesce($5, (extract(epoch from clock_timestamp()) * 1000000)::bigint * 1000)
            as now_ns
        offset 0
    ) as clock
) as asked
on conflict (key) do update set
    spent_from = case
        when held.blocked_until_ns > excluded.asked_at_ns then held.spent_to
        else greatest(held.spent_to, excluded.asked_at_ns)
    end,
    spent_to = case
        when held.blocked_until_ns > excluded.asked_at_ns then held.spent_to
        else greatest(held.spent_to, excluded.asked_at_ns) + least(
            excluded.spent_to - excluded.spent_from,
            greatest(0, excluded.capacity - greatest(0, held.spent_to - excluded.asked_at_ns))
                / excluded.step * excluded.step
        )
    end,
    asked_at_ns = excluded.asked_at_ns,
    window_ends_ns = null,
    step = null,
    capacity = null
-- The time once more, unless it is where the grant began: a null costs next to nothing.
returning
    spent_from,
    spent_to,
    nullif(asked_at_ns, spent_from),
    window_ends_ns,
    blocked_until_ns,
    lapses_at_ns
