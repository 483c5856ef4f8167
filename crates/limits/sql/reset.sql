-- Gives everything back: a key without a row has taken nothing.
--
--   $1 uuid[]  keys
--
-- Locked in the order of the keys, as `check_*.sql` does. Index: limits_fast_pkey.
with held as (
    select key from pgstead.limits_fast where key = any ($1::uuid[]) order by key for update
)
delete from pgstead.limits_fast where key in (select key from held)
