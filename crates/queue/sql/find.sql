-- What is known of a job.
--
--   $1 text    the queue
--   $2 bigint  the job
--
-- One row, whose first column says where it was found; null if nowhere.
-- Index: q_jobs_pkey, queue_dead_pkey, queue_results_pkey, queue_progress_pkey.
with held as (
    select
        case
            when vt <= now() or vt = 'infinity' then 'ready'
            when read_ct = 0 then 'delayed'
            -- Its last claim ended in an error: it waits to be tried again.
            when headers -> 'x-pgstead-errors' -> -1 ->> 'attempt' = read_ct::text then 'delayed'
            else 'claimed'
        end as state,
        read_ct,
        enqueued_at,
        null::timestamptz as ended_at,
        message,
        headers - 'x-pgstead-errors' as headers,
        headers -> 'x-pgstead-errors' as errors,
        null::jsonb as result
    from pgmq.q_jobs where msg_id = $2
    union all
    select 'dead', attempts, enqueued_at, died_at, message, headers, errors, null
    from pgstead.queue_dead where queue = $1 and msg_id = $2
    union all
    select
        case when discarded then 'discarded' else 'done' end,
        attempts, null, finished_at, null, null, null, result
    from pgstead.queue_results where queue = $1 and msg_id = $2
)
select held.*, progress.progress, progress.at
from (select) as always
left join (select * from held limit 1) as held on true
left join pgstead.queue_progress as progress on progress.queue = $1 and progress.msg_id = $2
