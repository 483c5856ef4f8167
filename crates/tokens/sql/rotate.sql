-- Rotates refresh tokens: the next one is the good one then.
--
--   $1 uuid[]     sessions, in order and each once
--   $2 integer[]  which of their tokens was presented
--   $3 bigint     how long a session lasts unused, in ns
--   $4 bigint     now in ns since 1970, or null for the database's clock
--
-- A row comes back for each session that lives and whose good token was presented, or one that the
-- row does not know of yet: it was minted by us, and its commit was lost in a failover.
-- Index: sessions_pkey, token_epochs_pkey.
with rotated as (
    update pgstead.sessions as held set
        gen = asked.gen + 1,
        used_at_ns = asked.now_ns,
        idle_until_ns = least(asked.now_ns + $3, held.expires_at_ns),
        epoch = greatest(held.epoch, asked.epoch)
    from (
        select unnest($1::uuid[]) as sid, unnest($2::integer[]) as gen, epoch, now_ns
        from (
            select
                (select epoch from pgstead.token_state) as epoch,
                coalesce($4, (extract(epoch from clock_timestamp()) * 1000000)::bigint * 1000)
                    as now_ns
            offset 0
        ) as clock
    ) as asked
    where held.sid = asked.sid
        and held.gen <= asked.gen
        and held.revoked_at_ns is null
        and held.idle_until_ns > asked.now_ns
        -- Nobody was revoked since it was used; or it was none of those.
        and (
            held.epoch >= asked.epoch
            or held.epoch >= coalesce((
                select max(epoch) from pgstead.token_epochs
                where (scope = 'user' and subject = held.user_id)
                    or (scope = 'tenant' and subject = held.tenant)
                    or (scope = 'everybody' and subject = '')
            ), 0)
        )
    returning
        held.sid,
        held.gen,
        held.user_id,
        held.tenant,
        held.claims,
        held.epoch,
        held.expires_at_ns,
        asked.now_ns
),
event as (
    insert into pgstead.token_events (at_ns, kind, sids)
    select min(now_ns), 'refreshed', array_agg(sid) from rotated having count(*) > 0
)
select sid, gen, user_id, tenant, claims, epoch, expires_at_ns, now_ns from rotated
