-- Removes jobs that have ended with something to say.
--
--   $1 bigint[]   jobs, ascending
--   $2 integer[]  the claim of each
--   $3 jsonb[]    what came of each, or null
--   $4 boolean[]  whether it was given up
--   $5 text       the queue
--
-- Who is not among what comes back has lost its claim. Index: q_jobs_pkey.
with gone as (
    delete from pgmq.q_jobs as held
    using (
        select
            unnest($1::bigint[]) as msg_id,
            unnest($2::integer[]) as read_ct,
            unnest($3::jsonb[]) as result,
            unnest($4::boolean[]) as discarded
    ) as ended
    where held.msg_id = ended.msg_id and held.read_ct = ended.read_ct
        -- One that has failed waits to be tried again, and is nobody's.
        and coalesce(held.headers -> 'x-pgstead-errors' -> -1 ->> 'attempt', '') <> held.read_ct::text
    returning held.msg_id, held.read_ct, ended.result, ended.discarded
)
insert into pgstead.queue_results (queue, msg_id, attempts, discarded, result)
select $5, msg_id, read_ct, discarded, result from gone
on conflict (queue, msg_id) do update set
    finished_at = excluded.finished_at,
    attempts = excluded.attempts,
    discarded = excluded.discarded,
    result = excluded.result
returning msg_id
