-- One step of the sweep: removes keys of whose permits none is out any more, as `sweep.sql` does.
--
--   $1 integer  how many rows a page has
--   $2 bigint   the pause until the next step is due, in ns; 0 does not wait for it to be due
--   $3 bigint   now in ns since 1970, or null for the database's clock
--
-- Index: permits_fast_pkey.
with clock as materialized (
    select coalesce($3, (extract(epoch from clock_timestamp()) * 1000000)::bigint * 1000)
        as now_ns
),
step as materialized (
    select after, now_ns
    from pgstead.limits_sweeps, clock
    where swept = 'permits_fast' and (due_at_ns <= now_ns or $2 = 0)
    for update of limits_sweeps skip locked
),
page as materialized (
    select key from pgstead.permits_fast, step where key > step.after order by key limit $1
),
expired as materialized (
    select key
    from pgstead.permits_fast, clock
    where key = any (array(select key from page)) and now_ns >= all (expire_at_ns)
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
        (select key from page order by key desc limit 1) as last
)
update pgstead.limits_sweeps set
    after = case
        when counted.seen < $1 then '00000000-0000-0000-0000-000000000000'
        else counted.last
    end,
    due_at_ns = step.now_ns + case when counted.gone * 10 > counted.seen then 0 else $2 end
from step, counted
where swept = 'permits_fast'
returning counted.seen, counted.gone, counted.seen < $1
