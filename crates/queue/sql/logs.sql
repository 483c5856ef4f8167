-- Reads the log of a job, the oldest line first.
--
--   $1 text    the queue
--   $2 bigint  the job
--   $3 bigint  how many lines at most, the last ones
--
-- Index: queue_logs_job.
select at, line from (
    select at, line from pgstead.queue_logs
    where queue = $1 and msg_id = $2
    order by at desc
    limit $3
) as last_ones
order by at
