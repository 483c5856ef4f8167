-- Sends jobs, all or none.
--
--   $1 jsonb[]   what they are
--   $2 jsonb[]   headers of each, or null
--   $3 bigint[]  not before so many ms from now
--
-- Rows come back in the order of the jobs.
insert into pgmq.q_jobs (vt, message, headers)
select
    now() + unnest($3::bigint[]) * interval '1 millisecond',
    unnest($1::jsonb[]),
    unnest($2::jsonb[])
returning msg_id
