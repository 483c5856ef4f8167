-- Which groups claimed jobs are of.
--
--   $1 bigint[]   jobs
--   $2 integer[]  the claim of each
--
-- Index: q_jobs_pkey.
select distinct held.headers ->> 'x-pgmq-group' as name
from (select unnest($1::bigint[]) as msg_id, unnest($2::integer[]) as read_ct) as mine
join pgmq.q_jobs as held on held.msg_id = mine.msg_id and held.read_ct = mine.read_ct
where held.headers ->> 'x-pgmq-group' is not null
