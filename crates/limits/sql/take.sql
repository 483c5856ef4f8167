-- Takes from several keys at once, of either storage: for each call from all of its keys or from
-- none.
--
--   $1  uuid[]     keys: ascending within a storage, each once
--   $2  boolean[]  whether they are of the durable storage
--   $3  integer[]  which call they belong to; calls that share a key are one call here
--   $4  bigint[]   wanted, in units; 0 only looks
--   $5  bigint[]   what a lease may be granted in: it takes as many of these as there are, up to
--                  what it wants; null where it is all or nothing
--   $6  bigint[]   capacities
--   $7  bigint[]   how long a window is, in ns; null for a bucket and a calendar
--   $8  boolean[]  whether it slides
--   $9  bigint[]   when the calendar's period before this one ends, this one, and the next; null
--   $10 bigint[]   unless it is a calendar
--   $11 bigint[]
--   $12 uuid[]     reservations to make
--   $13 uuid[]     their keys
--   $14 bigint[]   what of the wanted is theirs, in units
--   $15 bigint[]   one of what is limited, in units
--   $16 bigint[]   when they lapse, in ns from now
--   $17 bigint     now in ns since 1970, or null for the database's clock
--
-- A refusal changes nothing, but that no window ends more than ten seconds later than one that
-- begins now would: a clock that was turned back must not shut a key for longer.
--
-- The rows are locked in the order of their keys, the fast ones first, as everybody does; what is
-- decided then holds until the end. A call one of whose keys has no row is not decided:
-- `ensure.sql` makes it, and the call asks again.
--
-- A row comes back for each key, in the order of $1: whether it has a row, whether its call was
-- granted, the state after it, and when the row was made.
-- Index: limits_fast_pkey, limits_durable_pkey.
with asked as materialized (
    select
        *,
        window_ns is null and ends_ns is null as refills,
        case
            when before_ns > now_ns then before_ns
            when ends_ns > now_ns then ends_ns
            when after_ns > now_ns then after_ns
            else now_ns + coalesce(window_ns, after_ns - ends_ns)
        end as would_end_ns
    from (
        select
            unnest($1::uuid[]) as key,
            unnest($2::boolean[]) as durable,
            unnest($3::integer[]) as call,
            unnest($4::bigint[]) as wanted,
            unnest($5::bigint[]) as step,
            unnest($6::bigint[]) as capacity,
            unnest($7::bigint[]) as window_ns,
            unnest($8::boolean[]) as slides,
            unnest($9::bigint[]) as before_ns,
            unnest($10::bigint[]) as ends_ns,
            unnest($11::bigint[]) as after_ns,
            generate_series(1, cardinality($1::uuid[])) as place,
            now_ns,
            real_ns
        from (
            select
                coalesce($17, (extract(epoch from clock_timestamp()) * 1000000)::bigint * 1000)
                    as now_ns,
                (extract(epoch from clock_timestamp()) * 1000000)::bigint * 1000 as real_ns
            offset 0
        ) as clock
    ) as unnested
),
fast as materialized (
    select
        key, spent_to, window_ends_ns, coalesce(previous, 0) as previous, blocked_until_ns,
        lapses_at_ns, born_ns
    from pgstead.limits_fast
    where key = any (array(select key from asked where not durable))
    order by key
    for update
),
durable as materialized (
    select
        key, spent_to, window_ends_ns, coalesce(previous, 0) as previous, blocked_until_ns,
        lapses_at_ns, born_ns
    from pgstead.limits_durable
    where key = any (array(select key from asked where durable))
        -- Never false: it has the fast ones locked first.
        and (select count(*) from fast) >= 0
    order by key
    for update
),
-- `spent` is where the next grant begins, and `before` what the window before has in it.
stood as materialized (
    select
        asked.*,
        held.key is not null as is_there,
        case
            when refills then greatest(held.spent_to, now_ns)
            when held.window_ends_ns > now_ns then held.spent_to
            else 0
        end as spent,
        case
            when slides is not true or held.window_ends_ns > now_ns then held.previous
            when held.window_ends_ns > now_ns - window_ns then held.spent_to
            else 0
        end as before,
        case
            when refills then null
            when held.window_ends_ns > would_end_ns + 10000000000 then would_end_ns
            when held.window_ends_ns > now_ns then held.window_ends_ns
            when slides and held.window_ends_ns > now_ns - window_ns
                then held.window_ends_ns + window_ns
            else would_end_ns
        end as open_until_ns,
        coalesce(held.window_ends_ns > would_end_ns + 10000000000, false) as ends_too_late,
        held.spent_to as held_to,
        held.window_ends_ns as held_until_ns,
        held.previous as held_before,
        held.blocked_until_ns,
        held.lapses_at_ns,
        coalesce(held.born_ns, real_ns) as born_ns
    from asked
    left join (
        select false as durable, fast.* from fast
        union all
        select true, durable.* from durable
    ) as held on held.key = asked.key and held.durable = asked.durable
),
left_over as (
    select
        *,
        case
            when blocked_until_ns > now_ns then 0
            else greatest(0, capacity - case
                when refills then spent - now_ns
                when slides then spent
                    + ceil(
                        before * (least(open_until_ns - now_ns, window_ns)::float8 / window_ns)
                    )::bigint
                else spent
            end)
        end as available
    from stood
),
decided as materialized (
    select
        *,
        case
            when step is null then wanted
            else least(wanted, available / step * step)
        end as granted,
        bool_and(is_there and (step is not null or wanted <= available))
            over (partition by call) as taken
    from left_over
),
reserving as (
    select
        reserved.*,
        decided.durable,
        decided.refills,
        decided.open_until_ns,
        decided.now_ns,
        decided.born_ns,
        -- As if it came first: of several in one grant, none gets back what is another's.
        decided.spent + reserved.units as taken_to
    from (
        select
            unnest($12::uuid[]) as id,
            unnest($13::uuid[]) as key,
            unnest($14::bigint[]) as units,
            unnest($15::bigint[]) as unit,
            unnest($16::bigint[]) as ttl_ns
    ) as reserved
    join decided on decided.key = reserved.key
    where decided.taken
),
lapses as (
    select key, durable, min(now_ns + ttl_ns) as at_ns from reserving group by key, durable
),
reserved_fast as (
    insert into pgstead.reservations_fast (
        id, key, units, unit, window_ends_ns, taken_to, born_ns, expires_at_ns
    )
    select
        id, key, units, unit, case when not refills then open_until_ns end, taken_to, born_ns,
        now_ns + ttl_ns
    from reserving
    where not durable
),
reserved_durable as (
    insert into pgstead.reservations_durable (
        id, key, units, unit, window_ends_ns, taken_to, born_ns, expires_at_ns
    )
    select
        id, key, units, unit, case when not refills then open_until_ns end, taken_to, born_ns,
        now_ns + ttl_ns
    from reserving
    where durable
),
taken_fast as (
    update pgstead.limits_fast as held set
        spent_from = decided.spent,
        spent_to = decided.spent + case when decided.taken then decided.granted else 0 end,
        asked_at_ns = decided.now_ns,
        born_ns = decided.born_ns,
        window_ends_ns = decided.open_until_ns,
        previous = decided.before,
        keep_until_ns = greatest(
            held.keep_until_ns,
            case when decided.slides then decided.open_until_ns + decided.window_ns end
        ),
        leased_to_ns = case
            when decided.refills and decided.step is not null and decided.taken
                then decided.spent + decided.granted
            else held.leased_to_ns
        end,
        lapses_at_ns = least(held.lapses_at_ns, lapses.at_ns)
    from decided
    left join lapses on lapses.key = decided.key and not lapses.durable
    where held.key = decided.key
        -- The same once more, so that it goes by the index whatever is thought of the numbers.
        and held.key = any (array(select key from asked where not durable))
        and not decided.durable
        and ((decided.taken and decided.granted > 0) or decided.ends_too_late)
),
taken_durable as (
    update pgstead.limits_durable as held set
        spent_from = decided.spent,
        spent_to = decided.spent + case when decided.taken then decided.granted else 0 end,
        asked_at_ns = decided.now_ns,
        born_ns = decided.born_ns,
        window_ends_ns = decided.open_until_ns,
        previous = decided.before,
        keep_until_ns = greatest(
            held.keep_until_ns,
            case when decided.slides then decided.open_until_ns + decided.window_ns end
        ),
        lapses_at_ns = least(held.lapses_at_ns, lapses.at_ns)
    from decided
    left join lapses on lapses.key = decided.key and lapses.durable
    where held.key = decided.key
        -- The same once more, so that it goes by the index whatever is thought of the numbers.
        and held.key = any (array(select key from asked where durable))
        and decided.durable
        and ((decided.taken and decided.granted > 0) or decided.ends_too_late)
)
select
    case when taken then spent else coalesce(held_to, 0) end,
    case when taken then spent + granted else coalesce(held_to, 0) end,
    now_ns,
    case
        when refills or not (taken or ends_too_late) then held_until_ns
        else open_until_ns
    end,
    blocked_until_ns,
    lapses_at_ns,
    case when taken then before else held_before end,
    is_there,
    taken,
    born_ns
from decided
order by place
