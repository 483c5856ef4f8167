-- Has jobs run that are the first of their groups and still wait for their turn: whoever was to pass it
-- on has gone.
--
-- From group to group of those that wait, however many there are of each.
-- Index: q_jobs_parked, q_jobs_groups, q_jobs_pkey.
with recursive parked (name, msg_id) as (
    (
        select headers ->> 'x-pgmq-group', msg_id
        from pgmq.q_jobs
        where vt = 'infinity'
        order by headers ->> 'x-pgmq-group', msg_id
        limit 1
    )
    union all
    select next.name, next.msg_id
    from parked
    cross join lateral (
        select headers ->> 'x-pgmq-group' as name, msg_id
        from pgmq.q_jobs
        where vt = 'infinity' and headers ->> 'x-pgmq-group' > parked.name
        order by headers ->> 'x-pgmq-group', msg_id
        limit 1
    ) as next
)
update pgmq.q_jobs as first set vt = now()
where first.vt = 'infinity' and first.msg_id = any (array(
    select parked.msg_id
    from parked
    where parked.msg_id = (
        select earliest.msg_id
        from pgmq.q_jobs as earliest
        where earliest.headers ->> 'x-pgmq-group' = parked.name
        order by earliest.msg_id
        limit 1
    )
))
returning first.msg_id
