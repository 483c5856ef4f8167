-- Removes archived jobs, those that were archived first, as many at most.
--
--   $1 bigint   for how many ms they are kept
--   $2 integer  how many at most
--
-- Index: archived_at_idx_jobs, a_jobs_pkey.
delete from pgmq.a_jobs where msg_id = any(array(
    select msg_id from pgmq.a_jobs
    where archived_at <= now() - $1::bigint * interval '1 millisecond'
    order by archived_at limit $2
    for update skip locked
))
