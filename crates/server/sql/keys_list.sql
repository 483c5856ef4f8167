-- Every key, the newest first. There are few: no index.
select
    id,
    name,
    hash,
    scopes,
    to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as created_at,
    to_char(revoked_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as revoked_at
from pgstead.server_keys
order by server_keys.created_at desc, id
