-- Revokes a key that is not yet revoked, and tells every server.
--
--   $1 text  id
--
-- A row when it was revoked. Index: server_keys_pkey.
with revoked as (
    update pgstead.server_keys set revoked_at = now()
    where id = $1 and revoked_at is null
    returning id
)
select id, pg_notify('pgstead_keys', '') from revoked
