-- The keys, the newest of each algorithm first.
--
--   $1 bigint  now in ns since 1970, or null for the database's clock
--
-- There is a handful.
select
    kid,
    algorithm,
    serial,
    public_key,
    sealed,
    sealed_by,
    created_at_ns,
    activated_at_ns,
    retired_at_ns,
    coalesce($1, (extract(epoch from clock_timestamp()) * 1000000)::bigint * 1000) as now_ns,
    keys_revision,
    access_ttl_ns
from pgstead.token_state
left join pgstead.token_keys on true
order by algorithm, serial desc
