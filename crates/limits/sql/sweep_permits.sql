-- One step of the sweep: removes keys of whose permits none is out any more, as `sweep.sql` does.
--
--   $1 bigint  how many pages
--   $2 bigint  the pause until the next step is due, in ns, at most a minute; 0 does not wait for it
--              to be due
--   $3 bigint  now in ns since 1970, or null for the database's clock
--
-- Index: permits_fast_pkey.
with clock as materialized (
    select coalesce($3, (extract(epoch from clock_timestamp()) * 1000000)::bigint * 1000)
        as now_ns
),
step as materialized (
    select next_block, now_ns
    from pgstead.limits_sweeps, clock
    where swept = 'permits_fast'
        and (due_at_ns <= now_ns or $2 = 0 or due_at_ns > now_ns + 60000000000)
    for update of limits_sweeps skip locked
),
page as materialized (
    select key, (select now_ns from clock) >= all (expire_at_ns) as expired
    from pgstead.permits_fast
    where ctid >= (select format('(%s,0)', next_block)::tid from step)
        and ctid < (select format('(%s,0)', next_block + $1)::tid from step)
),
expired as materialized (
    select key
    from pgstead.permits_fast, clock
    where key = any (array(select key from page where expired))
        and now_ns >= all (expire_at_ns)
    order by key
    for update of permits_fast skip locked
),
gone as (
    delete from pgstead.permits_fast where key = any (array(select key from expired)) returning key
),
counted as materialized (
    select
        (select count(*) from page) as seen,
        (select count(*) from gone) as gone,
        step.next_block + $1 >= pg_relation_size('pgstead.permits_fast')
            / current_setting('block_size')::bigint as is_end
    from step
)
update pgstead.limits_sweeps set
    next_block = case when counted.is_end then 0 else step.next_block + $1 end,
    due_at_ns = step.now_ns + case when counted.gone * 10 > counted.seen then 0 else $2 end
from step, counted
where swept = 'permits_fast'
returning counted.seen, counted.gone, counted.is_end
