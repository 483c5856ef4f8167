-- Stores a key, unless there is one of that id, and tells every server.
--
--   $1 text    id
--   $2 text    name
--   $3 bytea   SHA-256 of the key
--   $4 text[]  scopes
--
-- A row when it was stored. Index: server_keys_pkey.
with created as (
    insert into pgstead.server_keys (id, name, hash, scopes)
    values ($1, $2, $3, $4)
    on conflict (id) do nothing
    returning id
)
select id, pg_notify('pgstead_keys', '') from created
