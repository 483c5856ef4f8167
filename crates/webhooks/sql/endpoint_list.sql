-- Endpoints, by their ids.
--
--   $1 uuid     that one, or null for all
--   $2 text     of that tenant, or null for all
--   $3 uuid     those after it, or null
--   $4 integer  at most so many
select
    endpoint.id,
    endpoint.tenant,
    endpoint.url,
    endpoint.description,
    endpoint.types,
    endpoint.header_names,
    endpoint.fifo,
    endpoint.concurrency,
    endpoint.rate,
    endpoint.rate_per_ms,
    endpoint.created_at,
    endpoint.disabled_at,
    endpoint.disabled_because,
    endpoint.failing_since,
    secrets.kinds,
    secrets.public_keys,
    secrets.created_at as secrets_created_at,
    secrets.expires_at as secrets_expire_at
from pgstead.webhook_endpoints as endpoint
cross join lateral (
    select
        array_agg(kind order by created_at desc, id) as kinds,
        array_agg(public_key order by created_at desc, id) as public_keys,
        array_agg(created_at order by created_at desc, id) as created_at,
        array_agg(expires_at order by created_at desc, id) as expires_at
    from pgstead.webhook_secrets
    where webhook_secrets.endpoint = endpoint.id and (expires_at is null or expires_at > now())
) as secrets
where ($1::uuid is null or endpoint.id = $1)
    and ($2::text is null or endpoint.tenant = $2)
    and ($3::uuid is null or endpoint.id > $3)
order by endpoint.id
limit $4
