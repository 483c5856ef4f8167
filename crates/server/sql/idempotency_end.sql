-- Keeps the answer of an attempt for a day, unless another attempt has taken its place.
--
--   $1 bytea     id
--   $2 bytea     attempt
--   $3 smallint  status
--   $4 text[]    names and values of the header fields in turn
--   $5 bytea     body
--
-- Index: server_idempotency_pkey.
update pgstead.server_idempotency
set status = $3, headers = $4, body = $5, until = now() + interval '1 day'
where id = $1 and attempt = $2
