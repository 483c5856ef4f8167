-- Removes jobs that are done and claims others, in one round trip.
--
--   $1 bigint[]     done: their numbers, ascending
--   $2 integer[]    the claim of each that did it
--   $3 integer      how many to claim at most
--   $4 bigint       for how many ms
--   $5 timestamptz  those of ordinary priority that were due before are not looked for
--   $6 text         the queue
--
-- A job whose claim has lapsed and that somebody else has claimed since is not removed. Comes back: a
-- row for each job, and one at the end with what of $1 was removed, when the last ordinary one that was
-- claimed had been due, and the time. Index: q_jobs_pkey, q_jobs_vt_idx, q_jobs_priorities.
with removed as (
    delete from pgmq.q_jobs as held
    using (
        select unnest($1::bigint[]) as msg_id, unnest($2::integer[]) as read_ct
    ) as done
    where held.msg_id = done.msg_id and held.read_ct = done.read_ct
    returning held.msg_id
),
open as (
    select case
        when exists (select from pgstead.queues where name = $6 and paused_at is not null) then 0
        else $3::integer
    end as most
),
urgent as (
    select ctid from pgmq.q_jobs
    where headers ->> 'x-pgstead-priority' = '1' and vt <= now()
    order by vt
    limit (select most from open)
    for update skip locked
),
-- By the index on vt: whatever is delayed or claimed lies behind `now()` there.
ordinary as (
    select ctid, vt from pgmq.q_jobs
    where vt > $5 and vt <= now()
        and coalesce(headers ->> 'x-pgstead-priority', '2') not in ('1', '3', '4')
    order by vt
    limit (select most from open) - (select count(*) from urgent)
    for update skip locked
),
low as (
    select ctid from pgmq.q_jobs
    where headers ->> 'x-pgstead-priority' in ('3', '4') and vt <= now()
    order by headers ->> 'x-pgstead-priority', vt
    limit (select most from open)
        - (select count(*) from urgent) - (select count(*) from ordinary)
    for update skip locked
),
claimed as (
    update pgmq.q_jobs set
        vt = now() + $4::bigint * interval '1 millisecond',
        read_ct = read_ct + 1,
        last_read_at = now()
    where ctid = any(array(
        select ctid from urgent
        union all select ctid from ordinary
        union all select ctid from low
    ))
    returning msg_id, read_ct, enqueued_at, message, headers
)
select
    msg_id,
    read_ct,
    enqueued_at,
    message,
    headers,
    null::bigint[] as removed,
    null::timestamptz as due_at,
    null::timestamptz as now
from claimed
union all
select
    null, null, null, null, null,
    array(select msg_id from removed),
    (select max(vt) from ordinary),
    now()
