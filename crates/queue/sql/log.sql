-- Adds a line to the log of a job.
--
--   $1 text    the queue
--   $2 bigint  the job
--   $3 text    the line
insert into pgstead.queue_logs (queue, msg_id, line) values ($1, $2, $3)
