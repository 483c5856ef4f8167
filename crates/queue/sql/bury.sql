-- Has jobs not tried any more: they become dead letters.
--
--   $1 bigint[]   jobs, ascending
--   $2 integer[]  the claim of each
--   $3 text[]     the last error of each
--   $4 text       the queue
--
-- Who is not among what comes back has lost its claim. Index: q_jobs_pkey.
with gone as (
    delete from pgmq.q_jobs as held
    using (
        select
            unnest($1::bigint[]) as msg_id,
            unnest($2::integer[]) as read_ct,
            unnest($3::text[]) as error
    ) as failed
    where held.msg_id = failed.msg_id and held.read_ct = failed.read_ct
        -- One that has failed waits to be tried again, and is nobody's.
        and coalesce(held.headers -> 'x-pgstead-errors' -> -1 ->> 'attempt', '') <> held.read_ct::text
    returning
        held.msg_id,
        held.enqueued_at,
        held.read_ct,
        held.message,
        pgstead.add_error(held.headers, held.read_ct, failed.error) as headers
)
insert into pgstead.queue_dead (queue, msg_id, enqueued_at, attempts, message, headers, errors)
select
    $4,
    msg_id,
    enqueued_at,
    read_ct,
    message,
    nullif(headers - 'x-pgstead-errors', '{}'),
    headers -> 'x-pgstead-errors'
from gone
returning msg_id
