-- Retires the key of an algorithm that is used, puts the next in its place, and stores a new next.
--
--   $1 text    algorithm
--   $2 bigint  serial of the key that is used
--   $3 bigint  kid of the new one
--   $4 bytea   its public part, or null
--   $5 bytea   its sealed part
--   $6 text    what sealed it
--   $7 bigint  now in ns since 1970, or null for the database's clock
--
-- A row comes back if that key was used, and so it was done, with the kid that is used now.
-- Index: token_keys_serial.
with retired as (
    update pgstead.token_keys set
        retired_at_ns = coalesce(
            $7,
            (extract(epoch from clock_timestamp()) * 1000000)::bigint * 1000
        )
    where algorithm = $1
        and serial = $2
        and activated_at_ns is not null
        and retired_at_ns is null
    returning retired_at_ns as now_ns
),
activated as (
    update pgstead.token_keys as key set activated_at_ns = retired.now_ns
    from retired
    where key.algorithm = $1 and key.serial = $2 + 1
    returning key.kid, retired.now_ns
),
created as (
    insert into pgstead.token_keys
        (kid, algorithm, serial, public_key, sealed, sealed_by, created_at_ns)
    select $3, $1, $2 + 2, $4, $5, $6, now_ns from activated
),
counted as (
    update pgstead.token_state set keys_revision = keys_revision + 1
    where exists (select from activated)
    returning pg_notify('pgstead_tokens', '')
),
event as (
    insert into pgstead.token_events (at_ns, kind, subject)
    select now_ns, 'key-rotated', kid::text from activated
)
select kid from activated, (select count(*) from counted) as told
