-- Has a row for each key, so that `take.sql` can lock it: a key without one has taken nothing.
--
--   $1 uuid[]  keys: ascending, each once
--
-- Index: limits_fast_pkey.
insert into pgstead.limits_fast (key, spent_from, spent_to, asked_at_ns)
select key, 0, 0, 0
from unnest($1::uuid[]) as asked (key)
on conflict (key) do nothing
