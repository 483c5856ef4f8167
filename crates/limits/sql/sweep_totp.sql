-- Forgets time steps whose one-time passwords are not accepted any more.
--
--   $1 bigint  now in ns since 1970, or null for the database's clock
delete from pgstead.totp_steps
where expires_at_ns
    <= coalesce($1, (extract(epoch from clock_timestamp()) * 1000000)::bigint * 1000)
