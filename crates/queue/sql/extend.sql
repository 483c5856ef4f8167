-- Prolongs claims.
--
--   $1 bigint[]   jobs, ascending
--   $2 integer[]  the claim of each
--   $3 bigint     for how many ms from now
--
-- Who is not among what comes back has lost its claim. Index: q_jobs_pkey.
update pgmq.q_jobs as held set vt = now() + $3::bigint * interval '1 millisecond'
from (select unnest($1::bigint[]) as msg_id, unnest($2::integer[]) as read_ct) as mine
where held.msg_id = mine.msg_id and held.read_ct = mine.read_ct
    -- One that has failed waits to be tried again, and is nobody's.
    and coalesce(held.headers -> 'x-pgstead-errors' -> -1 ->> 'attempt', '') <> held.read_ct::text
returning held.msg_id
