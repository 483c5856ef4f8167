-- Forgets an attempt that has created nothing, so that the request can be sent again.
--
--   $1 bytea  id
--   $2 bytea  attempt
--
-- Index: server_idempotency_pkey.
delete from pgstead.server_idempotency where id = $1 and attempt = $2
