-- Ticks: sends the job of a schedule and says when the next one is due, if nobody else has.
--
--   $1 text         its name
--   $2 bigint       which revision of it
--   $3 timestamptz  the tick
--   $4 timestamptz  the tick after that, or null
--   $5 boolean      whether the tick is run; else it was missed, and is left out
--
-- What decides is the row: of many who try one finds it as it was. One row comes back: whether it was
-- us, and the job. Index: schedules_pkey.
with ticked as (
    update pgstead.schedules set
        next_at = $4,
        last_at = case when $5 then $3 else last_at end
    where name = $1 and revision = $2 and next_at = $3 and next_at <= now() and paused_at is null
    returning name, message, headers
),
sent as (
    insert into pgmq.q_jobs (vt, message, headers)
    select
        now(),
        message,
        coalesce(headers, '{}') || jsonb_build_object(
            'x-pgstead-schedule', name,
            'x-pgstead-tick', to_char($3 at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
        )
    from ticked where $5
    returning msg_id
)
select exists (select from ticked), (select msg_id from sent)
