-- Has jobs tried again later, after an error or without one.
--
--   $1 bigint[]   jobs, ascending
--   $2 integer[]  the claim of each
--   $3 bigint[]   in how many ms
--   $4 text[]     the error of each; null for one that was not tried: that claim does not count
--
-- The last 20 errors are kept. Who is not among what comes back has lost its claim. Index: q_jobs_pkey.
update pgmq.q_jobs as held set
    vt = now() + failed.delay_ms * interval '1 millisecond',
    read_ct = held.read_ct - case when failed.error is null then 1 else 0 end,
    headers = case
        when failed.error is null then held.headers
        else pgstead.add_error(held.headers, held.read_ct, failed.error)
    end
from (
    select
        unnest($1::bigint[]) as msg_id,
        unnest($2::integer[]) as read_ct,
        unnest($3::bigint[]) as delay_ms,
        unnest($4::text[]) as error
) as failed
where held.msg_id = failed.msg_id and held.read_ct = failed.read_ct
    -- One that has failed waits to be tried again, and is nobody's.
    and coalesce(held.headers -> 'x-pgstead-errors' -> -1 ->> 'attempt', '') <> held.read_ct::text
returning held.msg_id
