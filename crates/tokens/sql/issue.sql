-- Begins sessions.
--
--   $1 bytea[]  the random part of each one's sid, ten bytes
--   $2 text[]   users
--   $3 text[]   tenants, or null
--   $4 text[]   claims as a JSON object, or null
--   $5 text[]   labels of the devices, or null
--   $6 text[]   their user agents, or null
--   $7 text[]   their addresses, or null
--   $8 bigint   how long a session lasts at most, in ns
--   $9 bigint   how long it lasts unused, in ns
--   $10 bigint  now in ns since 1970, or null for the database's clock
--
-- A row comes back for each, in any order: the random part says which it is.
with begun as materialized (
    select
        random_part,
        (
            lpad(to_hex(expires_at_ns / 86400000000000), 4, '0')
            || lpad(to_hex(expires_at_ns % 86400000000000 / 20117), 8, '0')
            || encode(random_part, 'hex')
        )::uuid as sid,
        user_id,
        tenant,
        claims,
        label,
        user_agent,
        address,
        epoch,
        expires_at_ns,
        now_ns
    from (
        select
            unnest($1::bytea[]) as random_part,
            unnest($2::text[]) as user_id,
            unnest($3::text[]) as tenant,
            unnest($4::text[]) as claims,
            unnest($5::text[]) as label,
            unnest($6::text[]) as user_agent,
            unnest($7::text[]) as address,
            epoch,
            now_ns + $8 as expires_at_ns,
            now_ns
        from (
            select
                (select epoch from pgstead.token_state) as epoch,
                coalesce($10, (extract(epoch from clock_timestamp()) * 1000000)::bigint * 1000)
                    as now_ns
            offset 0
        ) as clock
    ) as unnested
),
session as (
    insert into pgstead.sessions
        (
            sid, used_at_ns, idle_until_ns, epoch, expires_at_ns, created_at_ns, user_id, tenant,
            claims
        )
    select
        sid,
        now_ns,
        least(now_ns + $9, expires_at_ns),
        epoch,
        expires_at_ns,
        now_ns,
        user_id,
        tenant,
        claims
    from begun
),
device as (
    insert into pgstead.session_devices (sid, label, user_agent, address)
    select sid, label, user_agent, address
    from begun
    where label is not null or user_agent is not null or address is not null
),
event as (
    insert into pgstead.token_events (at_ns, kind, sids, users)
    select min(now_ns), 'issued', array_agg(sid), array_agg(user_id) from begun
)
select sid, 0 as gen, user_id, tenant, claims, epoch, expires_at_ns, now_ns, random_part from begun
