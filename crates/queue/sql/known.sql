-- Whether there is a queue.
--
--   $1 text  its name
--
-- Whether pgstead knows it, and whether there is one at all. Index: queues_pkey.
select
    exists (select from pgstead.queues where name = $1),
    to_regclass(format('pgmq.%I', 'q_' || $1)) is not null
