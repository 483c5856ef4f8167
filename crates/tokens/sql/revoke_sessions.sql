-- Revokes sessions, each by itself.
--
--   $1 uuid[]     sessions, in order and each once
--   $2 integer[]  the token that was presented though it had been used, or null
--   $3 bigint     now in ns since 1970, or null for the database's clock
--
-- A row comes back for each that lived and does not any more.
-- Index: sessions_pkey, token_epochs_pkey.
with revoked as (
    update pgstead.sessions as held set revoked_at_ns = asked.now_ns
    from (
        select unnest($1::uuid[]) as sid, unnest($2::integer[]) as gen, now_ns
        from (
            select coalesce($3, (extract(epoch from clock_timestamp()) * 1000000)::bigint * 1000)
                as now_ns
            offset 0
        ) as clock
    ) as asked
    where held.sid = asked.sid
        and held.revoked_at_ns is null
        and held.idle_until_ns > asked.now_ns
        and (asked.gen is null or held.gen > asked.gen)
        and held.epoch >= coalesce((
            select max(epoch) from pgstead.token_epochs
            where (scope = 'user' and subject = held.user_id)
                or (scope = 'tenant' and subject = held.tenant)
                or (scope = 'everybody' and subject = '')
        ), 0)
    returning held.sid, held.user_id, asked.gen is not null as was_reused, asked.now_ns
),
-- Sessions first, the state after them: so does everybody who locks both.
counted as (
    update pgstead.token_state set revision = revision + revoked.count
    from (select count(*) as count from revoked) as revoked
    where revoked.count > 0
    returning revision - revoked.count as before
),
logged as (
    insert into pgstead.token_revocations (id, scope, subject, revoked_at_ns)
    select before + row_number() over (), 'session', sid::text, now_ns from revoked, counted
),
event as (
    insert into pgstead.token_events (at_ns, kind, sids, users)
    select
        min(now_ns),
        case when was_reused then 'reused' else 'revoked' end,
        array_agg(sid),
        array_agg(user_id)
    from revoked
    group by was_reused
),
told as (
    select pg_notify('pgstead_tokens', '') from counted
)
select sid from revoked, (select count(*) from told) as told
