-- Removes dead letters, as many at most.
--
--   $1 text      the queue
--   $2 bigint[]  which ones; null for any
--   $3 integer   how many at most
--
-- Index: queue_dead_pkey.
with chosen as (
    select msg_id from pgstead.queue_dead
    where queue = $1 and ($2::bigint[] is null or msg_id = any($2))
    order by msg_id
    limit $3
    for update skip locked
)
delete from pgstead.queue_dead as held using chosen
where held.queue = $1 and held.msg_id = chosen.msg_id
