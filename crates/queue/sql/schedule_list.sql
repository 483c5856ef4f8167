-- Lists schedules, by name.
--
--   $1 text  the only one; null for all
select
    name, queue, cron, zone, every_ms, once_at, misfire, within_ms, message, headers, created_at,
    paused_at, next_at, last_at
from pgstead.schedules
where $1::text is null or name = $1
order by name
