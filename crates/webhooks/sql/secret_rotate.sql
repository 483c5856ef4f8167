-- Gives an endpoint a new secret of a kind. Those that it had go on to sign for a while.
--
--   $1 uuid    the endpoint
--   $2 uuid    the secret's id
--   $3 text    its kind
--   $4 bytea   its public key, or null
--   $5 bytea   it, sealed
--   $6 text    by which key-encryption key
--   $7 bigint  for how many ms the others go on
--
-- One that ends sooner ends as soon as it would have. Index: webhook_endpoints_pkey, webhook_secrets_pkey.
with held as (
    -- Of two at once the second ends the first one's secret, too.
    select id from pgstead.webhook_endpoints where id = $1 for update
),
ending as (
    update pgstead.webhook_secrets set
        expires_at = least(expires_at, now() + $7::bigint * interval '1 millisecond')
    where endpoint = (select id from held)
        and kind = $3
        and (expires_at is null or expires_at > now())
)
insert into pgstead.webhook_secrets (endpoint, id, kind, public_key, sealed, sealed_by, created_at)
select held.id, $2, $3, $4, $5, $6, clock_timestamp() from held
returning created_at
