-- Revokes all sessions of users, of tenants, or of everybody: of each it raises the epoch, whatever the
-- number of sessions.
--
--   $1 text[]  scopes: user, tenant or everybody
--   $2 text[]  subjects, in order with their scopes and each once; of everybody ''
--   $3 bigint  now in ns since 1970, or null for the database's clock
--
-- One row comes back, with the number of the last of these revocations.
-- Index: token_epochs_pkey.
with counted as (
    update pgstead.token_state set
        revision = revision + cardinality($1::text[]),
        epoch = revision + cardinality($1::text[])
    returning
        revision,
        revision - cardinality($1::text[]) as before,
        coalesce($3, (extract(epoch from clock_timestamp()) * 1000000)::bigint * 1000) as now_ns
),
asked as (
    select scope, subject, before + place as id, now_ns
    from counted, unnest($1::text[], $2::text[]) with ordinality as one (scope, subject, place)
),
raised as (
    insert into pgstead.token_epochs (scope, subject, epoch, raised_at_ns)
    select scope, subject, id, now_ns from asked
    on conflict (scope, subject) do update set
        epoch = excluded.epoch,
        raised_at_ns = excluded.raised_at_ns
),
logged as (
    insert into pgstead.token_revocations (id, scope, subject, revoked_at_ns)
    select id, scope, subject, now_ns from asked
),
event as (
    insert into pgstead.token_events (at_ns, kind, scope, subject)
    select now_ns, 'revoked', scope, subject from asked
),
told as (
    select pg_notify('pgstead_tokens', '') from counted
)
select revision from counted, (select count(*) from told) as told
