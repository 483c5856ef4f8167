-- Passes the turn on in groups of which a job has gone.
--
--   $1 text     the queue
--   $2 text[]   the groups
--   $3 integer  how many of a group may run at once
--
-- How many jobs are due now.
select pgstead.pass_turns($1, $2, $3)
