-- Sends a job, unless one of the same key was sent not long ago: then it is that one.
--
--   $1 jsonb   what it is
--   $2 jsonb   its headers, or null
--   $3 bigint  not before so many ms from now
--   $4 text    the queue
--   $5 text    the key
--   $6 bigint  for how many ms no other one of the key is sent
--
-- Of two at once one waits for the other's row of the key. Index: queue_dedup_pkey.
with numbered as materialized (
    select nextval(pg_get_serial_sequence('pgmq.q_jobs', 'msg_id')) as msg_id
),
claimed as (
    insert into pgstead.queue_dedup as held (queue, key, msg_id, expires_at)
    select $4, $5, msg_id, now() + $6::bigint * interval '1 millisecond' from numbered
    on conflict (queue, key) do update set
        msg_id = case
            when held.expires_at <= now() then excluded.msg_id
            else held.msg_id
        end,
        expires_at = case
            when held.expires_at <= now() then excluded.expires_at
            else held.expires_at
        end
    returning msg_id
),
sent as (
    insert into pgmq.q_jobs (msg_id, vt, message, headers) overriding system value
    select msg_id, now() + $3::bigint * interval '1 millisecond', $1, $2
    from claimed where msg_id = (select msg_id from numbered)
)
select msg_id, msg_id = (select msg_id from numbered) as is_new from claimed
