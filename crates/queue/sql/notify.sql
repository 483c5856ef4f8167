-- Tells other processes something, without waiting for the disk: it is not kept anyway.
--
--   $1 text    channel
--   $2 text[]  payloads
select pg_notify($1, payload)
from (select set_config('synchronous_commit', 'off', true) offset 0) as hasty, unnest($2::text[]) as payload
