-- The keys of the HTTP API. Of a key only its SHA-256 is here: 128 random bits need no salt.
create table pgstead.server_keys (
    id         text        not null,
    name       text        not null,
    hash       bytea       not null,
    scopes     text[]      not null,
    created_at timestamptz not null default now(),
    revoked_at timestamptz,
    constraint server_keys_pkey primary key (id),
    constraint server_keys_hash_key unique (hash)
);

comment on table pgstead.server_keys is 'Keys of the HTTP API, hashed. Written by pgstead.';
