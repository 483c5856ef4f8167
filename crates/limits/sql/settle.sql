-- Ends reservations: what was not used is given back, and what was used beyond is taken, whether
-- there is so much or not.
--
--   $1 uuid[]     reservations, in the order of their keys, and of each key one
--   $2 uuid[]     their keys
--   $3 text[]     what was used, in what the policy limits
--   $4 bigint[]   how long a window is, in ns; null for a bucket and a calendar
--   $5 boolean[]  whether it slides
--   $6 bigint[]   when the calendar's period before this one ends, this one, and the next;
--   $7 bigint[]   null unless it is a calendar
--   $8 bigint[]
--   $9 bigint     now in ns since 1970, or null for the database's clock
--
-- Given back is to the window it was taken from, if that is still open; taken is from the window that is
-- open now. Who owes too much for a bigint owes half of one.
--
-- A row comes back for each reservation that was there, with its key.
-- Index: reservations_fast_pkey, limits_fast_pkey.
with asked as materialized (
    select *
    from (
        select
            unnest($1::uuid[]) as id,
            unnest($2::uuid[]) as key,
            unnest($3::text[])::numeric as used,
            unnest($4::bigint[]) as window_ns,
            unnest($5::boolean[]) as slides,
            unnest($6::bigint[]) as before_ns,
            unnest($7::bigint[]) as ends_ns,
            unnest($8::bigint[]) as after_ns,
            now_ns
        from (
            select coalesce($9, (extract(epoch from clock_timestamp()) * 1000000)::bigint * 1000)
                as now_ns
            offset 0
        ) as clock
    ) as unnested
),
locked as materialized (
    select id from pgstead.reservations_fast where id = any ($1::uuid[]) order by id for update
),
settled as (
    delete from pgstead.reservations_fast as reserved
    using asked
    where reserved.id in (select id from locked)
        and reserved.id = asked.id
        and reserved.key = asked.key
        and reserved.expires_at_ns > asked.now_ns
    returning
        asked.*,
        -- In units of another kind, if the policy's algorithm has changed: then nothing.
        case
            when (reserved.window_ends_ns is null)
                <> (asked.window_ns is null and asked.ends_ns is null)
                then 0
            -- Of a bucket, time has given back what it has passed over.
            when reserved.window_ends_ns is null then greatest(
                least(asked.used * reserved.unit - reserved.units, 1e18),
                least(0, asked.now_ns - reserved.taken_to)
            )::bigint
            else least(asked.used * reserved.unit - reserved.units, 1e18)::bigint
        end as owed,
        reserved.window_ends_ns as taken_from_ns,
        reserved.born_ns
)
-- `step` carries what is owed, `capacity` the window it was taken from, and `spent_from` when the row
-- was made.
insert into pgstead.limits_fast as held
    (
        key, spent_from, spent_to, asked_at_ns, window_ends_ns, previous, keep_until_ns, step,
        capacity
    )
select
    key,
    coalesce(born_ns, 0),
    case when window_ns is null and ends_ns is null then now_ns else 0 end + greatest(owed, 0),
    now_ns,
    case
        when before_ns > now_ns then before_ns
        when ends_ns > now_ns then ends_ns
        when after_ns > now_ns then after_ns
        else now_ns + coalesce(window_ns, after_ns - ends_ns)
    end,
    case when slides then 0 end,
    case when slides then now_ns + 2 * window_ns end,
    owed,
    taken_from_ns
from settled
order by key
on conflict (key) do update set
    spent_to = case
        -- The row was made anew since: it owes what was used beyond, and gets nothing back.
        when excluded.step <= 0 and coalesce(held.born_ns, 0) <> excluded.spent_from
            then held.spent_to
        when excluded.window_ends_ns is null and excluded.step > 0 then least(
            greatest(held.spent_to, excluded.asked_at_ns) + excluded.step,
            excluded.asked_at_ns + 3000000000000000000
        )
        when excluded.window_ends_ns is null then least(
            held.spent_to,
            greatest(held.spent_to + excluded.step, excluded.asked_at_ns, held.leased_to_ns)
        )
        when excluded.step <= 0
            and held.window_ends_ns > excluded.asked_at_ns
            and held.window_ends_ns = excluded.capacity
            then greatest(0, held.spent_to + excluded.step)
        when excluded.step <= 0 then held.spent_to
        when held.window_ends_ns > excluded.asked_at_ns
            then least(held.spent_to + excluded.step, 4000000000000000000)
        else excluded.step
    end,
    window_ends_ns = case
        when excluded.window_ends_ns is null then null
        when excluded.step <= 0 then held.window_ends_ns
        when held.window_ends_ns > excluded.window_ends_ns + 10000000000
            then excluded.window_ends_ns
        when held.window_ends_ns > excluded.asked_at_ns then held.window_ends_ns
        when excluded.previous is not null
            and held.window_ends_ns > 2 * excluded.asked_at_ns - excluded.window_ends_ns
            then held.window_ends_ns + excluded.window_ends_ns - excluded.asked_at_ns
        else excluded.window_ends_ns
    end,
    previous = case
        when excluded.step <= 0
            or excluded.previous is null
            or held.window_ends_ns > excluded.asked_at_ns
            then held.previous
        when held.window_ends_ns > 2 * excluded.asked_at_ns - excluded.window_ends_ns
            then held.spent_to
        else 0
    end,
    keep_until_ns = greatest(held.keep_until_ns, excluded.keep_until_ns),
    -- One that is made at this moment may be missed here, as in `lapse.sql`.
    lapses_at_ns = (
        select min(expires_at_ns)
        from pgstead.reservations_fast as reserved
        where reserved.key = held.key and reserved.id <> all ($1::uuid[])
    ),
    asked_at_ns = excluded.asked_at_ns,
    step = null,
    capacity = null
returning
    spent_from,
    spent_to,
    asked_at_ns,
    window_ends_ns,
    blocked_until_ns,
    lapses_at_ns,
    previous,
    key
