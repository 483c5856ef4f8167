-- Looks at the jobs of a queue, whatever their state, in the order of sending.
--
--   $1 bigint  only such with a number above
--   $2 bigint  how many at most
--
-- Index: q_jobs_pkey.
select
    msg_id,
    case
        when vt <= now() or vt = 'infinity' then 'ready'
        when read_ct = 0 then 'delayed'
        -- Its last claim ended in an error: it waits to be tried again.
        when headers -> 'x-pgstead-errors' -> -1 ->> 'attempt' = read_ct::text then 'delayed'
        else 'claimed'
    end as state,
    read_ct,
    enqueued_at,
    case when vt < 'infinity' then vt end as vt,
    message,
    headers
from pgmq.q_jobs
where msg_id > $1
order by msg_id
limit $2
