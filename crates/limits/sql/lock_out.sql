-- Blocks keys that have just been refused, each time for longer.
--
--   $1 uuid[]    keys: ascending, each once
--   $2 text[]    ladders: an array of bigint each, how long the first lockout lasts, in ns, the
--                second, and so on; the last one is repeated
--   $3 bigint[]  what was spent when it was refused: who has been given something back since is
--                not locked out
--   $4 bigint    now in ns since 1970, or null for the database's clock
--
-- A lockout is made good by a time as long as the last one of the ladder that passes after it
-- without another. A key that is blocked is left alone.
--
-- Rows come back in the order of the keys, without those that were left alone.
-- Index: limits_fast_pkey.
with asked as materialized (
    select key, ladder::bigint[] as ladder, spent_to, now_ns
    from (
        select
            unnest($1::uuid[]) as key,
            unnest($2::text[]) as ladder,
            unnest($3::bigint[]) as spent_to,
            now_ns
        from (
            select coalesce($4, (extract(epoch from clock_timestamp()) * 1000000)::bigint * 1000)
                as now_ns
            offset 0
        ) as clock
    ) as asked
),
held as materialized (
    select key, spent_to, blocked_until_ns, lockouts
    from pgstead.limits_fast
    where key = any ($1::uuid[])
    order by key
    for update
),
step as materialized (
    select
        asked.key,
        asked.now_ns,
        asked.ladder,
        asked.ladder[cardinality(asked.ladder)] as quiet_ns,
        least(cardinality(asked.ladder), 1 + greatest(
            0,
            coalesce(held.lockouts, 0)
                - (asked.now_ns - coalesce(held.blocked_until_ns, asked.now_ns))
                    / asked.ladder[cardinality(asked.ladder)]
        )::integer) as lockouts
    from asked
    join held on held.key = asked.key
    where held.spent_to = asked.spent_to
        and (held.blocked_until_ns is null or held.blocked_until_ns <= asked.now_ns)
)
update pgstead.limits_fast as locked set
    lockouts = step.lockouts,
    blocked_until_ns = step.now_ns + step.ladder[least(step.lockouts, cardinality(step.ladder))],
    keep_until_ns = step.now_ns + step.ladder[least(step.lockouts, cardinality(step.ladder))]
        + step.lockouts * step.quiet_ns,
    asked_at_ns = step.now_ns
from step
where locked.key = step.key
returning
    locked.spent_from,
    locked.spent_to,
    locked.asked_at_ns,
    locked.window_ends_ns,
    locked.blocked_until_ns,
    locked.lapses_at_ns,
    locked.previous,
    locked.key
