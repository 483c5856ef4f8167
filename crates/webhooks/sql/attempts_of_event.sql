-- The attempts at an event, the newest first.
--
--   $1 uuid     the event
--   $2 uuid     those before it, or null
--   $3 integer  at most so many
--
-- Index: webhook_attempts_event.
select id, event, endpoint, number, at, duration_ms, status, error, request_id, body
from pgstead.webhook_attempts
where event = $1 and id < coalesce($2, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid)
order by id desc
limit $3
