-- Removes what nobody needs any more.
--
--   $1 bigint  now in ns since 1970, or null for the database's clock
--   $2 bigint  how long a revocation is kept beyond the life of an access token, in ns
--   $3 bigint  how long an epoch is kept, in ns: as long as a session may last
--   $4 bigint  how long keys are kept after they have been retired, in ns
--   $5 bigint  at most so many of each
--
-- One row comes back, with how many of each.
-- Index: token_revocations_pkey, token_epochs_raised_at_ns, imported_tokens_expires_at_ns.
with clock as materialized (
    select
        coalesce($1, (extract(epoch from clock_timestamp()) * 1000000)::bigint * 1000) as now_ns,
        access_ttl_ns
    from pgstead.token_state
),
revocations as (
    delete from pgstead.token_revocations
    where id = any (array(
        select oldest.id
        from (
            select id, revoked_at_ns from pgstead.token_revocations order by id limit $5
        ) as oldest,
        clock
        where oldest.revoked_at_ns + clock.access_ttl_ns + $2 < clock.now_ns
    ))
    returning 1
),
epochs as (
    delete from pgstead.token_epochs
    where scope in ('user', 'tenant', 'everybody')
        and subject = any (array(
            select old.subject
            from pgstead.token_epochs as old
            where old.raised_at_ns < (select now_ns - $3 from clock)
            order by old.raised_at_ns
            limit $5
        ))
        and raised_at_ns < (select now_ns - $3 from clock)
    returning 1
),
keys as (
    delete from pgstead.token_keys
    where retired_at_ns < (select now_ns - $4 from clock)
    returning 1
),
imported as (
    delete from pgstead.imported_tokens
    where hash = any (array(
        select old.hash
        from pgstead.imported_tokens as old
        where old.expires_at_ns < (select now_ns - $3 from clock)
        order by old.expires_at_ns
        limit $5
    ))
    returning 1
)
select
    (select count(*) from revocations),
    (select count(*) from epochs),
    (select count(*) from keys),
    (select count(*) from imported)
