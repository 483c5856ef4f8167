-- Changes an endpoint: what is null stays as it is.
--
--   $1 uuid      which
--   $2 text      its URL
--   $3 text      what it is; '' for nothing
--   $4 text[]    which types of events
--   $5 text[]    the same for LIKE
--   $6 boolean   whether headers are changed, to:
--   $7 bytea     them, sealed, or null for none
--   $8 text[]    their names
--   $9 text      by which key-encryption key
--   $10 boolean  one event after another
--   $11 integer  how many requests at once
--   $12 boolean  whether the rate is changed, to:
--   $13 integer  at most so many
--   $14 bigint   in so many ms, or both null for none
--
-- Index: webhook_endpoints_pkey.
update pgstead.webhook_endpoints set
    url = coalesce($2, url),
    description = nullif(coalesce($3, description), ''),
    types = coalesce($4, types),
    patterns = coalesce($5, patterns),
    headers = case when $6 then $7 else headers end,
    header_names = case when $6 then $8 else header_names end,
    sealed_by = case when $6 then $9 else sealed_by end,
    fifo = coalesce($10, fifo),
    concurrency = coalesce($11, concurrency),
    rate = case when $12 then $13 else rate end,
    rate_per_ms = case when $12 then $14 else rate_per_ms end
where id = $1
returning id
