-- An event, by the id that its publisher gave, or by its own.
--
--   $1 text  its id
--   $2 uuid  the same as one of ours, or null if it can be none
--
-- Index: webhook_event_keys_pkey, webhook_events_pkey.
select event.id, event.key, event.type, event.tenant, event.payload
from pgstead.webhook_events as event
where event.id = coalesce(
    (select keys.event from pgstead.webhook_event_keys as keys where keys.key = $1), $2
)
