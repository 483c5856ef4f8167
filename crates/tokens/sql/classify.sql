-- How sessions stand: why one of their tokens was not rotated, or what it would be told.
--
--   $1 uuid[]  sessions
--   $2 bigint  now in ns since 1970, or null for the database's clock
--
-- A row comes back for each, with nothing but the time for one that is not there.
-- Index: sessions_pkey, token_epochs_pkey.
select
    asked.sid,
    held.gen,
    held.user_id,
    held.tenant,
    held.claims,
    held.epoch,
    held.expires_at_ns,
    asked.now_ns,
    held.used_at_ns,
    held.idle_until_ns,
    held.revoked_at_ns is not null
        or held.epoch < coalesce((
            select max(epoch) from pgstead.token_epochs
            where (scope = 'user' and subject = held.user_id)
                or (scope = 'tenant' and subject = held.tenant)
                or (scope = 'everybody' and subject = '')
        ), 0) as is_revoked,
    held.created_at_ns
from (
    select
        unnest($1::uuid[]) as sid,
        coalesce($2, (extract(epoch from clock_timestamp()) * 1000000)::bigint * 1000) as now_ns
    offset 0
) as asked
left join pgstead.sessions as held on held.sid = asked.sid
