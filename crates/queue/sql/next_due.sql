-- When the next job is due that is not due yet, in ms from now; null if there is none.
--
-- Index: q_jobs_vt_idx.
select (extract(epoch from vt - now()) * 1000)::bigint
from pgmq.q_jobs
where vt > now() and vt < 'infinity'
order by vt
limit 1
