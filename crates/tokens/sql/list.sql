-- The sessions of a user that live, those used last first.
--
--   $1 text    the user
--   $2 bigint  now in ns since 1970, or null for the database's clock
--   $3 bigint  at most so many
--
-- Index: sessions_user_id, session_devices_pkey.
select
    held.sid,
    held.gen,
    held.user_id,
    held.tenant,
    held.claims,
    held.epoch,
    held.expires_at_ns,
    clock.now_ns,
    held.used_at_ns,
    held.idle_until_ns,
    false as is_revoked,
    held.created_at_ns,
    device.label,
    device.user_agent,
    device.address
from (
    select
        coalesce($2, (extract(epoch from clock_timestamp()) * 1000000)::bigint * 1000) as now_ns,
        coalesce(greatest(
            (select epoch from pgstead.token_epochs where scope = 'user' and subject = $1),
            (select epoch from pgstead.token_epochs where scope = 'everybody' and subject = '')
        ), 0) as epoch
    offset 0
) as clock
join pgstead.sessions as held on held.user_id = $1
left join pgstead.session_devices as device on device.sid = held.sid
where held.revoked_at_ns is null
    and held.idle_until_ns > clock.now_ns
    and held.epoch >= clock.epoch
    and held.epoch >= coalesce((
        select epoch from pgstead.token_epochs
        where scope = 'tenant' and subject = held.tenant
    ), 0)
order by held.used_at_ns desc, held.sid
limit $3
