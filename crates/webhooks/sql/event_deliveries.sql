-- Where an event was sent, and how far that is.
--
--   $1 uuid     the event
--   $2 integer  at most so many
--
-- Index: webhook_deliveries_pkey.
select endpoint, state, attempts, changed_at, next_at
from pgstead.webhook_deliveries
where event = $1
order by endpoint
limit $2
