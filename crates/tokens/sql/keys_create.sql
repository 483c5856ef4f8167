-- Stores keys that are the first of their algorithm: one that is used from now on, and the next.
--
--   $1 bigint[]   kids
--   $2 text[]     algorithms
--   $3 bigint[]   serials: 1 is used from now on
--   $4 bytea[]    public parts, or null
--   $5 bytea[]    sealed parts
--   $6 text       what sealed them
--   $7 bigint     now in ns since 1970, or null for the database's clock
--
-- What another process has stored meanwhile stays.
-- Index: token_keys_serial.
with created as (
    insert into pgstead.token_keys
        (
            kid, algorithm, serial, public_key, sealed, sealed_by, created_at_ns,
            activated_at_ns
        )
    select kid, algorithm, serial, public_key, sealed, $6, now_ns, case when serial = 1 then now_ns end
    from unnest($1::bigint[], $2::text[], $3::bigint[], $4::bytea[], $5::bytea[])
        as one (kid, algorithm, serial, public_key, sealed),
        (
            select coalesce($7, (extract(epoch from clock_timestamp()) * 1000000)::bigint * 1000)
                as now_ns
            offset 0
        ) as clock
    on conflict (algorithm, serial) do nothing
    returning kid
)
update pgstead.token_state set keys_revision = keys_revision + 1
where exists (select from created)
returning pg_notify('pgstead_tokens', '')
