-- For which sessions refresh tokens of another system were exchanged, or why they were not.
--
--   $1 bytea[]  their SHA-256
--   $2 bigint   now in ns since 1970, or null for the database's clock
--
-- A row comes back for each that was imported.
-- Index: imported_tokens_pkey, token_epochs_pkey.
select
    held.hash,
    held.sid,
    held.expires_at_ns
        <= coalesce($2, (extract(epoch from clock_timestamp()) * 1000000)::bigint * 1000)
        as has_expired,
    held.epoch < coalesce((
        select max(epoch) from pgstead.token_epochs
        where (scope = 'user' and subject = held.user_id)
            or (scope = 'tenant' and subject = held.tenant)
            or (scope = 'everybody' and subject = '')
    ), 0) as is_revoked
from pgstead.imported_tokens as held
where held.hash = any ($1::bytea[])
