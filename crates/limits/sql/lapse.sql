-- Gives back what reservations took that were not settled in time.
--
--   $1 uuid[]   keys, or null for all there are
--   $2 integer  the most reservations
--   $3 bigint   now in ns since 1970, or null for the database's clock
--
-- Given back is to the window it was taken from, if that is still open. A reservation that is made at the
-- same moment may be missed in `lapses_at_ns`; the next call for all finds it.
--
-- How many reservations have lapsed comes back, and their keys.
-- Index: reservations_fast_expires_at_ns, limits_fast_pkey.
with clock as materialized (
    select coalesce($3, (extract(epoch from clock_timestamp()) * 1000000)::bigint * 1000)
        as now_ns
),
due as materialized (
    select id
    from pgstead.reservations_fast
    where expires_at_ns <= (select now_ns from clock)
        and ($1::uuid[] is null or key = any ($1::uuid[]))
    order by expires_at_ns
    limit $2
),
locked as materialized (
    select id from pgstead.reservations_fast where id in (select id from due) order by id for update
),
lapsed as (
    delete from pgstead.reservations_fast where id in (select id from locked)
    returning key, units, window_ends_ns, taken_to, born_ns
),
-- Those that were asked for too: their `lapses_at_ns` may be left from what is there no more.
meant as materialized (
    select key from lapsed
    union
    select unnest($1::uuid[])
),
locked_keys as materialized (
    select key, window_ends_ns, born_ns
    from pgstead.limits_fast
    where key = any (array(select key from meant))
    order by key
    for update
),
-- Of a key's reservations some may be of a window or a row that is there no more. Of a bucket, time has
-- given back what it has passed over.
given as materialized (
    select
        lapsed.key,
        least(sum(
            case
                when lapsed.window_ends_ns is null
                    then least(lapsed.units, greatest(0, lapsed.taken_to - clock.now_ns))
                else lapsed.units
            end
        ), 1e18)::bigint as units
    from lapsed
    join locked_keys as held
        on held.key = lapsed.key
        and held.born_ns is not distinct from lapsed.born_ns
        and held.window_ends_ns is not distinct from lapsed.window_ends_ns
    cross join clock
    group by lapsed.key
),
updated as (
    update pgstead.limits_fast as held set
        spent_to = case
            when given.key is null then held.spent_to
            when held.window_ends_ns is null then least(
                held.spent_to,
                greatest(held.spent_to - given.units, clock.now_ns, held.leased_to_ns)
            )
            when held.window_ends_ns <= clock.now_ns then held.spent_to
            else greatest(0, held.spent_to - given.units)
        end,
        lapses_at_ns = (
            select min(expires_at_ns)
            from pgstead.reservations_fast as reserved
            where reserved.key = held.key and reserved.expires_at_ns > clock.now_ns
        )
    from locked_keys
    left join given on given.key = locked_keys.key
    cross join clock
    where held.key = locked_keys.key and held.key = any (array(select key from locked_keys))
)
select (select count(*) from lapsed), array(select key from given)
