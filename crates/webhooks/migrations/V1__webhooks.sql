-- Webhooks that are sent: to whom, what, and what came of it.
--
-- The ids of events and attempts are those of RFC 9562, version 7: they begin with the ms of their time.
-- So a table is partitioned by day on its primary key, and read by time along it.

-- Where events are sent.
--
-- tenant               '' for those of nobody. Events of a tenant go to his endpoints alone.
-- types                Which types of events, as they were given: 'order.*'.
-- patterns             The same for LIKE: 'order.%'.
-- headers              What is sent along: a JSON object, sealed; null for nothing.
-- sealed_by            Which key-encryption key opens that; says nothing else about it.
-- fifo                 One event after another, in the order of their publication.
-- concurrency          How many requests at once, of each process.
-- rate, rate_per_ms    At most so many requests in that time, of all processes.
-- failing_since        When the first of the attempts failed since one succeeded.
create table pgstead.webhook_endpoints (
    id               uuid        not null,
    tenant           text        not null,
    url              text        not null,
    description      text,
    types            text[]      not null,
    patterns         text[]      not null,
    headers          bytea,
    header_names     text[]      not null,
    sealed_by        text,
    fifo             boolean     not null,
    concurrency      integer     not null,
    rate             integer,
    rate_per_ms      bigint,
    created_at       timestamptz not null default now(),
    disabled_at      timestamptz,
    disabled_because text check (disabled_because in ('request', 'gone', 'failing')),
    failing_since    timestamptz,
    constraint webhook_endpoints_pkey primary key (id),
    constraint webhook_endpoints_rate check ((rate is null) = (rate_per_ms is null)),
    constraint webhook_endpoints_disabled check (
        (disabled_at is null) = (disabled_because is null)
    )
) with (fillfactor = 80);
create index webhook_endpoints_tenant on pgstead.webhook_endpoints (tenant, id);

-- What requests to an endpoint are signed with.
--
-- kind                 'v1' and 'v1a' of Standard Webhooks, 'hub' for X-Hub-Signature-256.
-- public_key           That of 'v1a': the 32 bytes of Ed25519.
-- sealed               The secret, sealed.
-- expires_at           Until when it is still used, if another one has followed it.
create table pgstead.webhook_secrets (
    endpoint   uuid        not null,
    id         uuid        not null,
    kind       text        not null check (kind in ('v1', 'v1a', 'hub')),
    public_key bytea,
    sealed     bytea       not null,
    sealed_by  text        not null,
    created_at timestamptz not null default now(),
    expires_at timestamptz,
    constraint webhook_secrets_pkey primary key (endpoint, id)
);

-- From when on the next request to an endpoint with a rate may be made.
create table pgstead.webhook_rates (
    endpoint uuid        not null,
    free_at  timestamptz not null,
    constraint webhook_rates_pkey primary key (endpoint)
) with (fillfactor = 50);

-- What was published.
--
-- key                  Its id as its publisher gave it; null for one that has the id alone.
-- payload              The body of the requests, byte for byte.
create table pgstead.webhook_events (
    id      uuid not null,
    key     text,
    type    text not null,
    tenant  text not null,
    payload text not null,
    constraint webhook_events_pkey primary key (id)
) partition by range (id);
create index webhook_events_tenant on pgstead.webhook_events (tenant, id);

-- The ids that publishers gave: each names one event.
create table pgstead.webhook_event_keys (
    key   text not null,
    event uuid not null,
    constraint webhook_event_keys_pkey primary key (key)
);
create index webhook_event_keys_event on pgstead.webhook_event_keys (event);

-- An event on its way to an endpoint.
--
-- state                'pending', 'delivered', 'failed' when it is not tried any more, or 'missed' when
--                      its endpoint was disabled.
-- next_at              When it is tried again.
create table pgstead.webhook_deliveries (
    event      uuid        not null,
    endpoint   uuid        not null,
    state      text        not null default 'pending'
        check (state in ('pending', 'delivered', 'failed', 'missed')),
    attempts   integer     not null default 0,
    changed_at timestamptz not null default now(),
    next_at    timestamptz,
    constraint webhook_deliveries_pkey primary key (event, endpoint)
) partition by range (event);
create index webhook_deliveries_endpoint on pgstead.webhook_deliveries (endpoint, event)
where state in ('failed', 'missed');

-- Requests that were made, and what came of them.
--
-- number               Which attempt at the delivery it was, counted from 1.
-- status               The status of the response, if there was one.
-- error                What was wrong, as a word; null if it succeeded.
-- request_id           X-Request-Id of the response.
-- body                 The beginning of the response.
create table pgstead.webhook_attempts (
    id          uuid        not null,
    event       uuid        not null,
    endpoint    uuid        not null,
    number      integer     not null,
    at          timestamptz not null,
    duration_ms integer     not null,
    status      smallint,
    error       text,
    request_id  text,
    body        text        not null,
    constraint webhook_attempts_pkey primary key (id)
) partition by range (id);
create index webhook_attempts_endpoint on pgstead.webhook_attempts (endpoint, id);
create index webhook_attempts_event on pgstead.webhook_attempts (event, id);
create index webhook_attempts_failed on pgstead.webhook_attempts (endpoint, id)
where error is not null;

-- The first id of an instant.
create function pgstead.webhook_first_id(at timestamptz) returns uuid
language sql immutable strict parallel safe as $$
    select rpad(lpad(to_hex(floor(extract(epoch from at) * 1000)::bigint), 12, '0'), 32, '0')::uuid
$$;

-- A new id of an instant: 48 bits of ms, the version, 12 bits of a number that orders those that are
-- made together, and the variant and the random bits of a UUID of version 4.
create function pgstead.webhook_id(at timestamptz, number bigint) returns uuid
language sql volatile as $$
    select (
        lpad(to_hex(floor(extract(epoch from at) * 1000)::bigint), 12, '0')
        || '7' || lpad(to_hex(number % 4096), 3, '0')
        || substr(replace(gen_random_uuid()::text, '-', ''), 17)
    )::uuid
$$;
