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
-- Times are compared as timestamps: to make a number of the clock costs as much as to find the row's page.
-- A timestamp of float8 is right to a microsecond until 2106, and two are left to be on the safe side:
-- a window that is about to end, or just begins to be too long, is for the other statement.
-- For the same reason the time comes back as it is, and `asked_at_ns` stays what it was. So does
-- `spent_from`: it tells what a grant was, which whoever gets all that he wanted knows.
update pgstead.limits_fast as held set
    spent_to = held.spent_to + $2,
    step = null,
    capacity = null
where held.key = any ($1::uuid[])
    and to_timestamp((held.window_ends_ns - 2000)::float8 * 1e-9::float8)
        > coalesce(to_timestamp($5::bigint::float8 * 1e-9::float8), statement_timestamp())
    and to_timestamp((held.window_ends_ns - $4::bigint - 9999998000)::float8 * 1e-9::float8)
        <= coalesce(to_timestamp($5::bigint::float8 * 1e-9::float8), statement_timestamp())
    and held.spent_to <= $3::bigint - $2::bigint
    and held.blocked_until_ns is null
returning key, spent_to, window_ends_ns, lapses_at_ns, statement_timestamp()
