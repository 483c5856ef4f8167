-- Removes jobs that wait, as many at most.
--
--   $1 integer  how many at most
--
-- Those that are claimed are left to who has claimed them. Index: q_jobs_pkey.
with chosen as (
    select msg_id from pgmq.q_jobs
    where vt <= now() or vt = 'infinity' or read_ct = 0
        or headers -> 'x-pgstead-errors' -> -1 ->> 'attempt' = read_ct::text
    order by msg_id
    limit $1
    for update skip locked
)
delete from pgmq.q_jobs as held using chosen where held.msg_id = chosen.msg_id
