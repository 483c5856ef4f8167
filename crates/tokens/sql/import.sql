-- Stores refresh tokens of another system.
--
--   $1 bytea[]   their SHA-256
--   $2 text[]    users
--   $3 text[]    tenants, or null
--   $4 text[]    claims as a JSON object, or null
--   $5 bigint[]  when they expire, in ns since 1970
--   $6 bigint    how long an epoch is kept, in ns: none of them is good for longer
--   $7 bigint    now in ns since 1970, or null for the database's clock
--
-- A row comes back for each that was not there. Those that were stay as they are.
-- Index: imported_tokens_pkey.
with told as (
    update pgstead.token_state set has_imported = true
    where not has_imported
    returning pg_notify('pgstead_tokens', '')
)
insert into pgstead.imported_tokens (hash, user_id, tenant, claims, expires_at_ns, epoch)
select hash, user_id, tenant, claims, least(expires_at_ns, now_ns + $6), epoch
from unnest($1::bytea[], $2::text[], $3::text[], $4::text[], $5::bigint[])
    as one (hash, user_id, tenant, claims, expires_at_ns),
    (
        select
            (select epoch from pgstead.token_state) as epoch,
            coalesce($7, (extract(epoch from clock_timestamp()) * 1000000)::bigint * 1000) as now_ns
        offset 0
    ) as clock,
    (select count(*) from told) as told
order by hash
on conflict (hash) do nothing
returning hash
