-- Gives permits out, prolongs them, and takes them back, for a whole flush.
--
--   $1 uuid[]    keys: ascending, each once
--   $2 bigint[]  capacities: how many may be out
--   $3 bigint[]  how long one lasts without a sign of life, in ns
--   $4 uuid[]    permits
--   $5 uuid[]    beside each its key
--   $6 text[]    and what is to be done with it: acquire, renew or release
--   $7 bigint    now in ns since 1970, or null for the database's clock
--
-- One that has expired is out no more, whether its holder knows or not: it is not prolonged. Among
-- those who ask in one flush, permits are taken back first, then prolonged, then given out as far
-- as there are any, in the order in which they stand in $4.
--
-- A row comes back for each key, in their order: which of the permits of $4 are out, how many are
-- out in all, the time, and when the first of them expires. Index: permits_fast_pkey.
insert into pgstead.permits_fast as held
    (key, ids, expire_at_ns, asked_at_ns, wanted, renewed, released, ttl_ns, capacity)
select
    asked.key,
    coalesce(wanted[:capacity], '{}'),
    array_fill(now_ns + ttl_ns, array[least(capacity, coalesce(cardinality(wanted), 0))::integer]),
    now_ns,
    coalesce(wanted, '{}'),
    coalesce(renewed, '{}'),
    coalesce(released, '{}'),
    ttl_ns,
    capacity
from (
    select
        unnest($1::uuid[]) as key,
        unnest($2::bigint[]) as capacity,
        unnest($3::bigint[]) as ttl_ns,
        now_ns
    from (
        select coalesce($7, (extract(epoch from clock_timestamp()) * 1000000)::bigint * 1000)
            as now_ns
        offset 0
    ) as clock
) as asked
left join (
    select
        one.key,
        array_agg(id order by place) filter (where verb = 'acquire') as wanted,
        array_agg(id) filter (where verb = 'renew') as renewed,
        array_agg(id) filter (where verb = 'release') as released
    from unnest($4::uuid[], $5::uuid[], $6::text[]) with ordinality as one (id, key, verb, place)
    group by one.key
) as grouped on grouped.key = asked.key
order by asked.key
on conflict (key) do update set
    (ids, expire_at_ns, asked_at_ns, wanted, renewed, released, ttl_ns, capacity) = (
        with live as materialized (
            select
                id,
                case
                    when id = any (excluded.renewed) then excluded.asked_at_ns + excluded.ttl_ns
                    else expires_at_ns
                end as expires_at_ns
            from unnest(held.ids, held.expire_at_ns) as out (id, expires_at_ns)
            where expires_at_ns > excluded.asked_at_ns and id <> all (excluded.released)
        ),
        given as (
            select id, excluded.asked_at_ns + excluded.ttl_ns as expires_at_ns
            from unnest(excluded.wanted) with ordinality as one (id, place)
            where place <= excluded.capacity - (select count(*) from live)
        ),
        now_out as (select * from live union all select * from given)
        select
            coalesce(array_agg(id), '{}'),
            coalesce(array_agg(expires_at_ns), '{}'),
            excluded.asked_at_ns,
            coalesce(
                array_agg(id) filter (
                    where id = any (excluded.wanted) or id = any (excluded.renewed)
                ),
                '{}'
            ),
            null::uuid[],
            null::uuid[],
            null::bigint,
            null::bigint
        from now_out
    )
returning
    -- A row that has just been made still carries what was asked.
    case when released is null then wanted else ids end,
    cardinality(ids),
    asked_at_ns,
    (select min(expires_at_ns) from unnest(expire_at_ns) as live (expires_at_ns))
