-- Sends to an endpoint again, with a clean record.
--
--   $1 uuid  which
--
-- Index: webhook_endpoints_pkey.
update pgstead.webhook_endpoints set
    disabled_at = null,
    disabled_because = null,
    failing_since = null
where id = $1
returning id
