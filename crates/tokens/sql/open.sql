-- Notes how long this process lets access tokens live, if none has let them live longer.
--
--   $1 bigint  in ns
--
update pgstead.token_state set access_ttl_ns = $1 where access_ttl_ns < $1
