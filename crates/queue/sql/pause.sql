-- Pauses a queue, or lets it go on.
--
--   $1 text     the queue
--   $2 boolean  whether it is to be paused
--
-- Index: queues_pkey.
update pgstead.queues set paused_at = case when $2 then coalesce(paused_at, now()) end
where name = $1
returning paused_at
