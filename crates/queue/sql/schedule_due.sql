-- Which schedules tick next, those that are due first, and the time.
--
--   $1 bigint  how many at most
--
-- Index: schedules_due.
select
    name, queue, cron, zone, every_ms, once_at, misfire, within_ms, next_at, revision, now()
from pgstead.schedules
where next_at is not null and paused_at is null
order by next_at
limit $1
