-- The attempts at an endpoint that failed, the newest first.
--
--   $1 uuid     the endpoint
--   $2 uuid     those before it, or null
--   $3 integer  at most so many
--
-- Index: webhook_attempts_failed.
select id, event, endpoint, number, at, duration_ms, status, error, request_id, body
from pgstead.webhook_attempts
where endpoint = $1
    and id < coalesce($2, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid)
    and error is not null
order by id desc
limit $3
