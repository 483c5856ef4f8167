-- One step of the sweep: removes what has expired from the next pages of the table.
--
--   $1 bigint  how many pages
--   $2 bigint  the pause until the next step is due, in ns, at most a minute; 0 does not wait for it
--              to be due. What is due later than that was set by a clock that was turned back
--   $3 bigint  now in ns since 1970, or null for the database's clock
--
-- Of all processes one at a time does a step, and the next goes on where it ended. When a tenth of
-- the rows had expired the next step is due at once. Without an index on expiry, which would make
-- every check dearer, it goes through the table page by page, as it lies: keys lie in no order, and
-- by them each row would be another page. A row that moves meanwhile is found the next time.
--
-- A row that is gone had nothing in it: a key without one has taken nothing. How many rows were
-- seen and removed comes back, and whether the table's end was reached; nothing if it was not due.
-- Index: limits_fast_pkey.
with clock as materialized (
    select coalesce($3, (extract(epoch from clock_timestamp()) * 1000000)::bigint * 1000)
        as now_ns
),
step as materialized (
    select next_block, now_ns
    from pgstead.limits_sweeps, clock
    where swept = 'limits_fast'
        and (due_at_ns <= now_ns or $2 = 0 or due_at_ns > now_ns + 60000000000)
    for update of limits_sweeps skip locked
),
page as materialized (
    select
        key,
        greatest(
            coalesce(window_ends_ns, spent_to), blocked_until_ns, keep_until_ns, lapses_at_ns
        ) <= (select now_ns from clock) as expired
    from pgstead.limits_fast
    where ctid >= (select format('(%s,0)', next_block)::tid from step)
        and ctid < (select format('(%s,0)', next_block + $1)::tid from step)
),
expired as materialized (
    select key
    from pgstead.limits_fast, clock
    where key = any (array(select key from page where expired))
        and greatest(
            coalesce(window_ends_ns, spent_to), blocked_until_ns, keep_until_ns, lapses_at_ns
        ) <= now_ns
    order by key
    for update of limits_fast skip locked
),
gone as (
    delete from pgstead.limits_fast where key = any (array(select key from expired)) returning key
),
counted as materialized (
    select
        (select count(*) from page) as seen,
        (select count(*) from gone) as gone,
        step.next_block + $1 >= pg_relation_size('pgstead.limits_fast')
            / current_setting('block_size')::bigint as is_end
    from step
)
update pgstead.limits_sweeps set
    next_block = case when counted.is_end then 0 else step.next_block + $1 end,
    due_at_ns = step.now_ns + case when counted.gone * 10 > counted.seen then 0 else $2 end
from step, counted
where swept = 'limits_fast'
returning counted.seen, counted.gone, counted.is_end
