-- How many jobs of a queue are where.
--
--   $1 text  the queue
--
-- Reads the whole queue.
select
    count(*) filter (where vt <= now() or vt = 'infinity') as ready,
    count(*) filter (where vt > now() and vt < 'infinity' and is_delayed) as delayed,
    count(*) filter (where vt > now() and vt < 'infinity' and not is_delayed) as claimed,
    (
        select count(*) from pgstead.queue_dead where queue = $1
    ) as dead,
    (extract(epoch from now() - min(enqueued_at) filter (where vt <= now())) * 1000)::bigint
        as oldest_ready_ms
from (
    select
        vt,
        enqueued_at,
        -- Never claimed, or its last claim ended in an error and it waits to be tried again.
        read_ct = 0 or coalesce(
            headers -> 'x-pgstead-errors' -> -1 ->> 'attempt' = read_ct::text, false
        ) as is_delayed
    from pgmq.q_jobs
) as jobs
