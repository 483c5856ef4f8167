-- Takes what is wanted from each sliding window as far as there is so much, for a whole flush.
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
-- Of an old key either its window is open, or it ended less than a window ago and is now the one
-- before, or all is long past. The inner select says which, once for all columns. The window before
-- weighs as much of its count as is left of this one. A count times a time is more than a bigint
-- holds, so that is in floating point, rounded up. A refusal leaves all as it was, but that no
-- window ends more than ten seconds later than one that begins now would, as in
-- `check_fixed_window.sql`.
insert into pgstead.limits_fast as held
    (
        key, spent_from, spent_to, asked_at_ns, window_ends_ns, previous, keep_until_ns, step,
        capacity
    )
select
    key,
    0,
    least(wanted, capacity / step * step),
    now_ns,
    now_ns + window_ns,
    0,
    now_ns + 2 * window_ns,
    step,
    capacity
from (
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
    (
        spent_from, spent_to, asked_at_ns, window_ends_ns, previous, keep_until_ns, step, capacity
    ) = (
        select
            case when granted = 0 then held.spent_to else spent end,
            case when granted = 0 then held.spent_to else spent + granted end,
            now_ns,
            case
                when granted > 0 then ends_ns
                when held.window_ends_ns > now_ns + window_ns + 10000000000
                    then now_ns + window_ns
                else held.window_ends_ns
            end,
            case when granted = 0 then held.previous else before end,
            case
                when granted = 0 then held.keep_until_ns
                else greatest(held.keep_until_ns, ends_ns + window_ns)
            end,
            null::bigint,
            null::bigint
        from (
            select
                *,
                case
                    when held.blocked_until_ns > now_ns then 0
                    else least(
                        excluded.spent_to,
                        greatest(
                            0,
                            excluded.capacity - spent
                                - ceil(
                                    before
                                    * (least(ends_ns - now_ns, window_ns)::float8 / window_ns)
                                )::bigint
                        ) / excluded.step * excluded.step
                    )
                end as granted
            from (
                select
                    excluded.asked_at_ns as now_ns,
                    excluded.window_ends_ns - excluded.asked_at_ns as window_ns,
                    case
                        when held.window_ends_ns > excluded.asked_at_ns then held.spent_to
                        else 0
                    end as spent,
                    case
                        when held.window_ends_ns > excluded.asked_at_ns
                            then coalesce(held.previous, 0)
                        when held.window_ends_ns
                            > 2 * excluded.asked_at_ns - excluded.window_ends_ns
                            then held.spent_to
                        else 0
                    end as before,
                    case
                        when held.window_ends_ns > excluded.window_ends_ns + 10000000000
                            then excluded.window_ends_ns
                        when held.window_ends_ns > excluded.asked_at_ns then held.window_ends_ns
                        when held.window_ends_ns
                            > 2 * excluded.asked_at_ns - excluded.window_ends_ns
                            then held.window_ends_ns
                                + excluded.window_ends_ns - excluded.asked_at_ns
                        else excluded.window_ends_ns
                    end as ends_ns
            ) as rolled
        ) as stood
    )
returning
    spent_from,
    spent_to,
    asked_at_ns,
    window_ends_ns,
    blocked_until_ns,
    lapses_at_ns,
    previous
