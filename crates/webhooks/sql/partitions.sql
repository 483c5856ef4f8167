-- The partitions there are, and the time.
--
--   $1 bigint  now in ns since 1970, or null for the database's clock
--
-- At least one row comes back. The day is in the partition's name.
select
    coalesce($1, (extract(epoch from clock_timestamp()) * 1000000)::bigint * 1000) as now_ns,
    parent.relname::text as parent,
    child.relname::text as child
from (values (1)) as one (row)
left join pg_inherits as inherits
    on inherits.inhparent in (
        'pgstead.webhook_events'::regclass,
        'pgstead.webhook_deliveries'::regclass,
        'pgstead.webhook_attempts'::regclass
    )
left join pg_class as parent on parent.oid = inherits.inhparent
left join pg_class as child on child.oid = inherits.inhrelid
