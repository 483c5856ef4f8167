-- The stored policies, all of them: there are a handful.
select
    name, algorithm, "limit", per_ns, period, zone, burst, durable, on_outage, timeout_ns, lease,
    lockout_ns, count_denied, shadow
from pgstead.limit_policies
order by name
