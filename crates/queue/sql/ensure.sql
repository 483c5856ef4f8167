-- Has a queue be there.
--
--   $1 text  its name
select pgstead.ensure_queue($1)
