-- What has happened, the newest first.
--
--   $1 bigint  not before, in ns since 1970
--   $2 text    of this user, or null
--   $3 uuid    of this session, or null
--   $4 bigint  at most so many
--
-- Of an event of several sessions comes back what was asked for.
select event.at_ns, event.kind, one.sid, one.user_id, event.scope, event.subject
from pgstead.token_events as event
left join lateral unnest(event.sids, event.users) as one (sid, user_id) on true
where event.at_ns >= $1
    and ($3::uuid is null or one.sid = $3)
    and (
        $2::text is null
        or one.user_id = $2
        or (event.scope = 'user' and event.subject = $2)
        or (
            one.user_id is null
            and exists (
                select from pgstead.sessions as held
                where held.sid = one.sid and held.user_id = $2
            )
        )
    )
order by event.at_ns desc
limit $4
