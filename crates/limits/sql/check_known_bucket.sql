-- Takes as much from each token bucket that has that much, of keys that all want the same of one policy.
--
--   $1 uuid[]  keys: ascending, each once, so that all processes lock rows in one order
--   $2 bigint  wanted, in ns: tokens times the policy's interval
--   $3 bigint  capacity, in ns: the burst
--   $4 bigint  now in ns since 1970, or null for the database's clock
--
-- As `check_known_window.sql` is to `check_fixed_window.sql`, this is to `check_token_bucket.sql`.
-- Index: limits_fast_pkey.
update pgstead.limits_fast as held set
    spent_to = greatest(
        held.spent_to,
        coalesce($4, (date_part('epoch', statement_timestamp()) * 1000000)::bigint * 1000)
    ) + $2,
    window_ends_ns = null,
    step = null,
    capacity = null
where held.key = any ($1::uuid[])
    and to_timestamp((held.spent_to - $3::bigint + $2::bigint + 2000)::float8 * 1e-9::float8)
        <= coalesce(to_timestamp($4::bigint::float8 * 1e-9::float8), statement_timestamp())
    and $2::bigint <= $3::bigint
    and held.blocked_until_ns is null
returning key, spent_to, window_ends_ns, lapses_at_ns, statement_timestamp()
