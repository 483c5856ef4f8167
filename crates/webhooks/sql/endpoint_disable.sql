-- Sends nothing to an endpoint any more.
--
--   $1 uuid    which
--   $2 text    why: 'request', 'gone' or 'failing'
--   $3 bigint  for 'failing': only if it has failed for so many ms
--
-- Of two at once one does it. Index: webhook_endpoints_pkey.
update pgstead.webhook_endpoints set disabled_at = now(), disabled_because = $2
where id = $1
    and disabled_at is null
    and ($2 <> 'failing' or failing_since < now() - $3::bigint * interval '1 millisecond')
returning tenant, url, failing_since, now() as now
