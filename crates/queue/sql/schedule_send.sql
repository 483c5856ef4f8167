-- Sends the job of a schedule at once. Its ticks stay as they are.
--
--   $1 text  its name
--   $2 text  the queue
--
-- Nothing comes back if there is none of that name for that queue. Index: schedules_pkey.
insert into pgmq.q_jobs (vt, message, headers)
select now(), message, coalesce(headers, '{}') || jsonb_build_object('x-pgstead-schedule', name)
from pgstead.schedules where name = $1 and queue = $2
returning msg_id
