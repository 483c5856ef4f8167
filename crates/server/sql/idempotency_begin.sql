-- Begins a request if nobody is at it and no answer is known; else says what is known of it.
--
--   $1 bytea  id
--   $2 bytea  fingerprint
--   $3 bytea  attempt
--
-- One row: whether it is ours to do, whether it is the same request, and the answer, if there is
-- one. An attempt that does not end is given up after two minutes: longer than any request takes.
-- Index: server_idempotency_pkey.
insert into pgstead.server_idempotency as known (id, fingerprint, attempt, until)
values ($1, $2, $3, now() + interval '2 minutes')
on conflict (id) do update set
    fingerprint = case when known.until < now() then excluded.fingerprint else known.fingerprint end,
    attempt = case when known.until < now() then excluded.attempt else known.attempt end,
    status = case when known.until < now() then null else known.status end,
    headers = case when known.until < now() then null else known.headers end,
    body = case when known.until < now() then null else known.body end,
    until = case when known.until < now() then excluded.until else known.until end
returning attempt = $3 as is_ours, fingerprint = $2 as is_same, status, headers, body
