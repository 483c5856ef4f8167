-- Sessions: who is logged in, and how far the refresh token of each has been rotated.
--
-- Instants are in ns since 1970, of the database's clock. Nothing here lets a thief of the table make a
-- token: a refresh token is proven by a MAC whose key is sealed in `token_keys`.

-- One row, whose lock orders all revocations: they commit in the order of their numbers, and without
-- gaps.
--
-- revision          The number of the last revocation.
-- epoch             The number of the last one that was of more than one session.
-- keys_revision     How often the keys have changed.
-- access_ttl_ns     The longest that any process has let an access token live: so long a revocation
--                   is of interest to those who verify.
-- has_imported      Whether refresh tokens of another system have ever been imported.
create table pgstead.token_state (
    one_row       boolean not null default true check (one_row),
    revision      bigint  not null default 0,
    epoch         bigint  not null default 0,
    keys_revision bigint  not null default 0,
    access_ttl_ns bigint  not null default 0,
    has_imported  boolean not null default false,
    constraint token_state_pkey primary key (one_row)
) with (fillfactor = 10);
insert into pgstead.token_state default values;

-- A session.
--
-- sid               Two bytes of it are the day on which it ends at the latest, counted from 1970, and
--                   four more the time of that day, in units of 20117 ns. The rest is random. So the
--                   primary key is the key of the partitions, which are dropped when all in them has
--                   ended.
-- gen               The refresh token that is good now, counted from 0.
-- used_at_ns        When the one before it was used, or the session began.
-- idle_until_ns     When it ends if it is not used.
-- epoch             Until which revocation it is known to live: token_state.epoch when it was last used.
-- expires_at_ns     When it ends at the latest.
-- claims            What its access tokens say beside who and until when, as a JSON object, or null.
--
-- No index has a column that a refresh changes, so that every update is HOT.
create table pgstead.sessions (
    sid           uuid    not null,
    used_at_ns    bigint  not null,
    idle_until_ns bigint  not null,
    epoch         bigint  not null,
    expires_at_ns bigint  not null,
    created_at_ns bigint  not null,
    revoked_at_ns bigint,
    gen           integer not null default 0,
    user_id       text    not null,
    tenant        text,
    claims        text,
    constraint sessions_pkey primary key (sid)
) partition by range (sid);

create index sessions_user_id on pgstead.sessions (user_id);

-- What a session began on, where that was told.
create table pgstead.session_devices (
    sid        uuid not null,
    label      text,
    user_agent text,
    address    text,
    constraint session_devices_pkey primary key (sid)
) partition by range (sid);

-- From when on all sessions of a user, of a tenant or of everybody (whose subject is '') are over:
-- those whose epoch is below.
create table pgstead.token_epochs (
    scope        text   not null check (scope in ('user', 'tenant', 'everybody')),
    subject      text   not null,
    epoch        bigint not null,
    raised_at_ns bigint not null,
    constraint token_epochs_pkey primary key (scope, subject)
) with (fillfactor = 90);

create index token_epochs_raised_at_ns on pgstead.token_epochs (raised_at_ns);

-- What those who verify access tokens have to know: what was revoked while tokens from before may
-- still be good. The subject of a session is its sid.
create table pgstead.token_revocations (
    id            bigint not null,
    scope         text   not null check (scope in ('session', 'user', 'tenant', 'everybody')),
    subject       text   not null,
    revoked_at_ns bigint not null,
    constraint token_revocations_pkey primary key (id)
);

-- Keys, each algorithm's counted by serial. One that was neither activated nor retired is the next.
--
-- kid               Names it in tokens.
-- algorithm         EdDSA, ES256 or RS256: signs access tokens. HS256: proves refresh tokens.
-- public_key        Of those that sign, as the algorithm has it.
-- sealed            The secret part: a nonce, then AES-256-GCM.
-- sealed_by         Which key-encryption key opens it; says nothing else about that.
create table pgstead.token_keys (
    kid             bigint not null,
    algorithm       text   not null check (algorithm in ('EdDSA', 'ES256', 'RS256', 'HS256')),
    serial          bigint not null,
    public_key      bytea,
    sealed          bytea  not null,
    sealed_by       text   not null,
    created_at_ns   bigint not null,
    activated_at_ns bigint,
    retired_at_ns   bigint,
    constraint token_keys_pkey primary key (kid),
    constraint token_keys_serial unique (algorithm, serial)
);

-- Refresh tokens of another system, by their SHA-256. Each is accepted once, for a session of ours.
create table pgstead.imported_tokens (
    hash          bytea  not null,
    expires_at_ns bigint not null,
    sid           uuid,
    user_id       text   not null,
    tenant        text,
    claims        text,
    constraint imported_tokens_pkey primary key (hash)
) with (fillfactor = 80);

create index imported_tokens_expires_at_ns on pgstead.imported_tokens (expires_at_ns);

-- What has happened. Those of a kind that happened together are one row. Never a secret.
--
-- kind              issued, refreshed, reused, revoked, key-rotated
-- sids              The sessions.
-- users             Whose they are, where it says so.
-- scope, subject    Of a revocation of more than one session; the kid of a key.
create table pgstead.token_events (
    at_ns   bigint not null,
    kind    text   not null,
    sids    uuid[],
    users   text[],
    scope   text,
    subject text
) partition by range (at_ns);

alter table pgstead.token_events alter column sids set storage external;
