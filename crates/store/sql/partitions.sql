-- The partitions there are of some tables, and the time.
--
--   $1 bigint  now in ns since 1970, or null for the database's clock
--   $2 text[]  names of tables in the schema pgstead
--
-- At least one row comes back. The day is in the partition's name.
-- Goes along pg_inherits_parent_index.
select
    coalesce($1::bigint, (extract(epoch from clock_timestamp()) * 1000000)::bigint * 1000) as now_ns,
    parent.relname::text as parent,
    child.relname::text as child,
    coalesce(child.reloptions, '{}') as settings
from (values (1)) as one (row)
left join (
    pg_inherits as inherits
    join pg_class as parent on parent.oid = inherits.inhparent
    join pg_class as child on child.oid = inherits.inhrelid
) on inherits.inhparent = any (
    select format('pgstead.%I', name)::regclass from unnest($2::text[]) as tables (name)
)
