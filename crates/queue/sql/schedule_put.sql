-- Puts a schedule: makes it, or changes it if it is another one.
--
--   $1 text          its name
--   $2 text          the queue
--   $3 jsonb         what is sent
--   $4 jsonb         its headers, or null
--   $5 text          the pattern, or null
--   $6 text          the zone of the pattern
--   $7 bigint        every so many ms, or null
--   $8 timestamptz   once at, or null
--   $9 text          what becomes of missed ticks
--   $10 bigint       'catch-up': those of the last so many ms are run
--   $11 timestamptz  its first tick
--   $12 text         who is told
--
-- Nothing comes back if it is as it was. Of one whose times are as they were the next tick stays.
-- Index: schedules_pkey.
with put as (
    insert into pgstead.schedules as held (
        name, queue, message, headers, cron, zone, every_ms, once_at, misfire, within_ms, next_at
    )
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
    on conflict (name) do update set
        revision = default,
        queue = excluded.queue,
        message = excluded.message,
        headers = excluded.headers,
        cron = excluded.cron,
        zone = excluded.zone,
        every_ms = excluded.every_ms,
        once_at = excluded.once_at,
        misfire = excluded.misfire,
        within_ms = excluded.within_ms,
        next_at = case
            when (held.cron, held.zone, held.every_ms, held.once_at)
                is distinct from (excluded.cron, excluded.zone, excluded.every_ms, excluded.once_at)
                then excluded.next_at
            else held.next_at
        end
    where
        (
            held.queue, held.message, held.headers, held.cron, held.zone, held.every_ms,
            held.once_at, held.misfire, held.within_ms
        )
        is distinct from (
            excluded.queue, excluded.message, excluded.headers, excluded.cron, excluded.zone,
            excluded.every_ms, excluded.once_at, excluded.misfire, excluded.within_ms
        )
    returning held.name
)
select pg_notify($12, name) from put
