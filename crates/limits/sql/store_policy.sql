-- Stores a policy, in the place of one that has its name. Whether there was none comes back.
--
--   $1  text      name
--   $2  text      algorithm
--   $3  bigint    limit
--   $4  bigint    the time that it is for, in ns
--   $5  text      the calendar's period, or null
--   $6  text      the time zone, or null
--   $7  bigint    burst, or null
--   $8  boolean   durable
--   $9  text      on_outage, or null
--   $10 bigint    timeout, in ns
--   $11 text      lease
--   $12 bigint[]  lockout, in ns
--   $13 boolean   count_denied
--   $14 boolean   shadow
--
-- Index: limit_policies_pkey.
insert into pgstead.limit_policies (
    name, algorithm, "limit", per_ns, period, zone, burst, durable, on_outage, timeout_ns, lease,
    lockout_ns, count_denied, shadow
)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
on conflict (name) do update set
    algorithm = excluded.algorithm,
    "limit" = excluded."limit",
    per_ns = excluded.per_ns,
    period = excluded.period,
    zone = excluded.zone,
    burst = excluded.burst,
    durable = excluded.durable,
    on_outage = excluded.on_outage,
    timeout_ns = excluded.timeout_ns,
    lease = excluded.lease,
    lockout_ns = excluded.lockout_ns,
    count_denied = excluded.count_denied,
    shadow = excluded.shadow,
    stored_at = excluded.stored_at
-- A row that was there has just been locked by this transaction.
returning xmax = 0
