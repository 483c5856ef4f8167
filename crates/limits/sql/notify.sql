-- Tells other processes something.
--
--   $1 text  channel
--   $2 text  payload
select pg_notify($1, $2)
