-- Whose turn it is of jobs of groups that were claimed; the others are put back.
--
--   $1 text      the queue
--   $2 bigint[]  the jobs
--   $3 text[]    the group of each
--   $4 integer   how many of a group may run at once
select pgstead.take_turns($1, $2, $3, $4)
