-- A delivery is not made, since its endpoint is disabled.
--
--   $1 uuid  the event
--   $2 uuid  the endpoint
--
-- Index: webhook_deliveries_pkey.
update pgstead.webhook_deliveries set state = 'missed', changed_at = now(), next_at = null
where event = $1 and endpoint = $2 and state = 'pending'
