-- Says how far a job is.
--
--   $1 text    the queue
--   $2 bigint  the job
--   $3 jsonb   how far
--
-- Index: queue_progress_pkey.
insert into pgstead.queue_progress (queue, msg_id, progress) values ($1, $2, $3)
on conflict (queue, msg_id) do update set progress = excluded.progress, at = excluded.at
