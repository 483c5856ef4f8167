-- Takes as much from each window that is open and has that much, of keys that all want the same of
-- one policy.
--
--   $1 uuid[]  keys: ascending, each once, so that all processes lock rows in one order
--   $2 bigint  wanted
--   $3 bigint  capacity: the limit
--   $4 bigint  how long a window is, in ns
--   $5 bigint  now in ns since 1970, or null for the database's clock
--
-- A row comes back for each key that was granted it, in the order of $1 if the index is followed. Of the
-- others nothing has changed, and `check_fixed_window.sql` decides. That says the same of these too, but
-- makes a row first to find that there is one.
-- Index: limits_fast_pkey.
--
-- The time goes by way of float8, which costs less than numeric and is exact to the microsecond until 2106.
update pgstead.limits_fast as held set
    spent_from = held.spent_to,
    spent_to = held.spent_to + $2,
    asked_at_ns = coalesce(
        $5, (date_part('epoch', statement_timestamp()) * 1000000)::bigint * 1000
    ),
    step = null,
    capacity = null
where held.key = any ($1::uuid[])
    and held.window_ends_ns > coalesce(
        $5, (date_part('epoch', statement_timestamp()) * 1000000)::bigint * 1000
    )
    and held.window_ends_ns <= coalesce(
        $5, (date_part('epoch', statement_timestamp()) * 1000000)::bigint * 1000
    ) + $4 + 10000000000
    and held.spent_to <= $3::bigint - $2::bigint
    and held.blocked_until_ns is null
returning key, spent_to, asked_at_ns, window_ends_ns, lapses_at_ns
