-- What was revoked from a revocation on, and what else those who verify have to see.
--
--   $1 bigint  the number of the first, if it is still there
--   $2 bigint  now in ns since 1970, or null for the database's clock
--
-- At least one row comes back.
-- Index: token_revocations_pkey.
select
    state.revision,
    state.keys_revision,
    state.has_imported,
    coalesce(
        (select id from pgstead.token_revocations order by id limit 1),
        state.revision + 1
    ) as oldest,
    coalesce($2, (extract(epoch from clock_timestamp()) * 1000000)::bigint * 1000) as now_ns,
    log.id,
    log.scope,
    log.subject,
    log.revoked_at_ns
from pgstead.token_state as state
left join pgstead.token_revocations as log on log.id >= $1
