-- Takes what is wanted from each window as far as there is so much, for a whole flush.
--
--   $1 uuid[]    keys: ascending, each once, so that all processes lock rows in one order
--   $2 bigint[]  wanted
--   $3 bigint[]  steps: what is granted is a multiple of it
--   $4 bigint[]  capacities: the limit
--   $5 bigint[]  how long a window is, in ns
--   $6 bigint    now in ns since 1970, or null for the database's clock
--
-- Rows come back in the order of $1. Index: limits_fast_pkey. `arithmetic.rs` says the same in
-- Rust.
--
-- A new key becomes what `excluded` is: the first grant of a window that begins now. So does an
-- old one whose window has ended. An open window ends at most ten seconds later than one that begins now
-- would, whatever the clock or the policy were when it began; less is as much as who waited for a
-- row may be behind. One that is blocked begins no window.
insert into pgstead.limits_fast as held
    (key, spent_from, spent_to, asked_at_ns, window_ends_ns, step, capacity)
select
    key,
    0,
    least(wanted, capacity / step * step),
    now_ns,
    now_ns + window_ns,
    step,
    capacity
from (
    -- In the select list and not in `from`: a tenth quicker, since nothing is put by in between.
    select
        unnest($1::uuid[]) as key,
        unnest($2::bigint[]) as wanted,
        unnest($3::bigint[]) as step,
        unnest($4::bigint[]) as capacity,
        unnest($5::bigint[]) as window_ns,
        now_ns
    from (
        select coalesce($6, (extract(epoch from clock_timestamp()) * 1000000)::bigint * 1000)
            as now_ns
        offset 0
    ) as clock
) as asked
on conflict (key) do update set
    spent_from = case
        when held.window_ends_ns > excluded.asked_at_ns
            or held.blocked_until_ns > excluded.asked_at_ns
            then held.spent_to
        else 0
    end,
    spent_to = case
        when held.blocked_until_ns > excluded.asked_at_ns then held.spent_to
        when held.window_ends_ns > excluded.asked_at_ns then
            held.spent_to + least(
                excluded.spent_to,
                greatest(0, excluded.capacity - held.spent_to) / excluded.step * excluded.step
            )
        else excluded.spent_to
    end,
    asked_at_ns = excluded.asked_at_ns,
    window_ends_ns = case
        when held.window_ends_ns > excluded.window_ends_ns + 10000000000
            then excluded.window_ends_ns
        when held.window_ends_ns > excluded.asked_at_ns then held.window_ends_ns
        when held.blocked_until_ns > excluded.asked_at_ns then held.window_ends_ns
        else excluded.window_ends_ns
    end,
    step = null,
    capacity = null
returning spent_from, spent_to, asked_at_ns, window_ends_ns, blocked_until_ns, lapses_at_ns
