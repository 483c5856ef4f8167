-- Begins sessions for refresh tokens of another system, for each once.
--
--   $1 bytea[]  their SHA-256, in order and each once
--   $2 bytea[]  the random part of the sid of each one's session, ten bytes
--   $3 bigint   how long a session lasts at most, in ns
--   $4 bigint   how long it lasts unused, in ns
--   $5 bigint   now in ns since 1970, or null for the database's clock
--
-- A row comes back for each that was imported, has not expired, had not been exchanged, and whose user,
-- tenant and everybody were not revoked since.
-- Index: imported_tokens_pkey, token_epochs_pkey.
with exchanged as (
    update pgstead.imported_tokens as held set
        sid = (
            lpad(to_hex(asked.ends_at_ns / 86400000000000), 4, '0')
            || lpad(to_hex(asked.ends_at_ns % 86400000000000 / 20117), 8, '0')
            || encode(asked.random_part, 'hex')
        )::uuid
    from (
        select
            unnest($1::bytea[]) as hash,
            unnest($2::bytea[]) as random_part,
            now_ns,
            now_ns + $3 as ends_at_ns,
            epoch
        from (
            select
                (select epoch from pgstead.token_state) as epoch,
                coalesce($5, (extract(epoch from clock_timestamp()) * 1000000)::bigint * 1000)
                    as now_ns
            offset 0
        ) as clock
    ) as asked
    where held.hash = asked.hash
        and held.sid is null
        and held.expires_at_ns > asked.now_ns
        and held.epoch >= coalesce((
            select max(epoch) from pgstead.token_epochs
            where (scope = 'user' and subject = held.user_id)
                or (scope = 'tenant' and subject = held.tenant)
                or (scope = 'everybody' and subject = '')
        ), 0)
    returning
        held.sid,
        held.user_id,
        held.tenant,
        held.claims,
        asked.epoch,
        asked.ends_at_ns as expires_at_ns,
        asked.now_ns,
        held.hash
),
session as (
    insert into pgstead.sessions
        (
            sid, used_at_ns, idle_until_ns, epoch, expires_at_ns, created_at_ns, user_id, tenant,
            claims
        )
    select
        sid,
        now_ns,
        least(now_ns + $4, expires_at_ns),
        epoch,
        expires_at_ns,
        now_ns,
        user_id,
        tenant,
        claims
    from exchanged
),
event as (
    insert into pgstead.token_events (at_ns, kind, sids, users)
    select min(now_ns), 'issued', array_agg(sid), array_agg(user_id)
    from exchanged
    having count(*) > 0
)
select sid, 0 as gen, user_id, tenant, claims, epoch, expires_at_ns, now_ns, hash from exchanged
