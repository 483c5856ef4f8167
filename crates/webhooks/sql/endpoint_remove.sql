-- Removes an endpoint with its secrets. What was sent to it is kept as long as all else; what is on its way
-- is not sent any more.
--
--   $1 uuid  which
--
-- Index: webhook_endpoints_pkey, webhook_secrets_pkey, webhook_rates_pkey.
with removed as (
    delete from pgstead.webhook_endpoints where id = $1 returning id
),
secrets as (
    delete from pgstead.webhook_secrets where endpoint = $1
),
rates as (
    delete from pgstead.webhook_rates where endpoint = $1
)
select id from removed
