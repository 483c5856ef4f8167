-- Removes a stored policy, and tells its name if there was one.
--
--   $1 text  name
delete from pgstead.limit_policies where name = $1 returning name
