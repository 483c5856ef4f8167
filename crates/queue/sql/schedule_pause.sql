-- Pauses a schedule, or lets it go on.
--
--   $1 text     its name
--   $2 boolean  whether it is to be paused
--   $3 text     who is told
--
-- Nothing comes back if there is none. Index: schedules_pkey.
with changed as (
    update pgstead.schedules
    set paused_at = case when $2 then coalesce(paused_at, now()) end
    where name = $1
    returning name
)
select pg_notify($3, name) from changed
