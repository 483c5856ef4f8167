-- Forgets ids that publishers gave to events that are gone.
--
--   $1 bigint   those of events from before, in ns since 1970
--   $2 integer  at most so many
--
-- Comes back: how many. Index: webhook_event_keys_event, webhook_event_keys_pkey.
with old as (
    delete from pgstead.webhook_event_keys
    where key = any (array(
        select key from pgstead.webhook_event_keys
        where event < pgstead.webhook_first_id(to_timestamp($1 / 1000000000.0))
        order by event
        limit $2
    ))
    returning 1
)
select count(*) from old
