-- Has dead letters tried again, as new jobs.
--
--   $1 text      the queue
--   $2 bigint[]  which ones; null for any
--   $3 integer   how many at most, those that died first
--   $4 bigint    how many µs lie between one and the next
--   $5 bigint    how many µs from now the first one is due
--
-- Rows come back in their order: the number that each had, and the one that it has now.
-- Index: queue_dead_queue, queue_dead_pkey.
with chosen as (
    select msg_id from pgstead.queue_dead
    where queue = $1 and ($2::bigint[] is null or msg_id = any($2))
    order by died_at, msg_id
    limit $3
    for update skip locked
),
gone as (
    delete from pgstead.queue_dead as held using chosen
    where held.queue = $1 and held.msg_id = chosen.msg_id
    returning held.msg_id, held.died_at, held.message, held.headers
),
numbered as (
    select
        msg_id,
        nextval(pg_get_serial_sequence('pgmq.q_jobs', 'msg_id')) as new_id,
        message,
        headers,
        row_number() over (order by died_at, msg_id) - 1 as place
    from gone
),
sent as (
    insert into pgmq.q_jobs (msg_id, vt, message, headers) overriding system value
    select new_id, now() + ($5::bigint + place * $4::bigint) * interval '1 microsecond', message, headers
    from numbered
)
select msg_id, new_id from numbered order by place
