-- Lists dead letters, those that died last first.
--
--   $1 text    the queue
--   $2 bigint  only such with a number below
--   $3 bigint  how many at most
--
-- Index: queue_dead_pkey.
select msg_id, died_at, enqueued_at, attempts, message, headers, errors
from pgstead.queue_dead
where queue = $1 and msg_id < $2
order by msg_id desc
limit $3
