-- Creates an endpoint, with the secrets that sign what is sent to it.
--
--   $1 uuid      its id
--   $2 text      its tenant, or ''
--   $3 text      its URL
--   $4 text      what it is, or null
--   $5 text[]    which types of events
--   $6 text[]    the same for LIKE
--   $7 bytea     headers, sealed, or null
--   $8 text[]    their names
--   $9 text      by which key-encryption key
--   $10 boolean  one event after another
--   $11 integer  how many requests at once
--   $12 integer  at most so many
--   $13 bigint   in so many ms, or both null
--   $14 uuid[]   the ids of its secrets
--   $15 text[]   their kinds
--   $16 bytea[]  their public keys, or null
--   $17 bytea[]  them, sealed
with created as (
    insert into pgstead.webhook_endpoints (
        id, tenant, url, description, types, patterns, headers, header_names, sealed_by, fifo,
        concurrency, rate, rate_per_ms
    )
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
    returning id, created_at
),
signed as (
    insert into pgstead.webhook_secrets (endpoint, id, kind, public_key, sealed, sealed_by)
    select created.id, one.id, one.kind, one.public_key, one.sealed, $9
    from created
    cross join unnest($14::uuid[], $15::text[], $16::bytea[], $17::bytea[])
        as one (id, kind, public_key, sealed)
)
select created_at from created
