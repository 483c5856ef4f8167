-- What was answered to requests with an Idempotency-Key, so that one that is sent again is answered
-- the same. Nothing of the key but a hash is here.
create table pgstead.server_idempotency (
    id          bytea       not null,
    fingerprint bytea       not null,
    attempt     bytea       not null,
    until       timestamptz not null,
    status      smallint,
    headers     text[],
    body        bytea,
    constraint server_idempotency_pkey primary key (id)
);

create index server_idempotency_until on pgstead.server_idempotency (until);

comment on table pgstead.server_idempotency is
    'Answers to requests with an Idempotency-Key. Written by pgstead.';
comment on column pgstead.server_idempotency.id is
    'SHA-256 of the id of the API key, the path, and the Idempotency-Key';
comment on column pgstead.server_idempotency.fingerprint is 'SHA-256 of the body of the request';
comment on column pgstead.server_idempotency.attempt is 'Who is at it, or was';
comment on column pgstead.server_idempotency.until is
    'Without a status: when the attempt is given up. Else: when the answer is forgotten';
comment on column pgstead.server_idempotency.headers is 'Names and values in turn';
