-- Removes a schedule. What it has sent stays.
--
--   $1 text  its name
--
-- Index: schedules_pkey.
delete from pgstead.schedules where name = $1
