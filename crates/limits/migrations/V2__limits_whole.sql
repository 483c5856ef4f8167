-- What the other algorithms and verbs need of a key. In the tables of V1:
--
-- previous          Sliding window: what was taken in the window before.
-- blocked_until_ns  Nothing is granted before, in ns since 1970.
-- lockouts          How many lockouts there were, less those that quiet has made good.
-- leased_to_ns      Token bucket: no lease that is out ends later than this in `spent_to`, so nothing
--                   is given back below it.
-- lapses_at_ns      The first instant at which a reservation of the key may lapse.
-- keep_until_ns     The row means something until then, whatever the rest says.
-- born_ns           When something was taken from the row for the first time that may be given back
--                   to it, by PostgreSQL's own clock. A row that is made anew after a reset is another
--                   one, to which nothing is given back that was taken from the first.
--
-- All are null for a key that has had none of it, which costs a row nothing.
alter table pgstead.limits_fast
    add column previous         bigint,
    add column blocked_until_ns bigint,
    add column lockouts         integer,
    add column leased_to_ns     bigint,
    add column lapses_at_ns     bigint,
    add column keep_until_ns    bigint,
    add column born_ns          bigint;

alter table pgstead.limits_durable
    add column previous         bigint,
    add column blocked_until_ns bigint,
    add column lockouts         integer,
    add column leased_to_ns     bigint,
    add column lapses_at_ns     bigint,
    add column keep_until_ns    bigint,
    add column born_ns          bigint;

-- Expired rows are made dead a page at a time: let vacuum follow closely.
alter table pgstead.limits_fast set (autovacuum_vacuum_scale_factor = 0.05);
alter table pgstead.limits_durable set (autovacuum_vacuum_scale_factor = 0.05);

-- What has been taken on an estimate, until it is known what it really cost.
--
-- units             What was taken, in the policy's units of then.
-- unit              One of what is limited, in those units.
-- window_ends_ns    The window it was taken from; null for a token bucket. What is given back
--                   goes to that window or nowhere.
-- taken_to          Token bucket: where what was taken ends in `spent_to`. What time has passed over
--                   it has given back already.
-- born_ns           Of the row it was taken from.
-- expires_at_ns     When it lapses.
create unlogged table pgstead.reservations_fast (
    id             uuid   not null,
    key            uuid   not null,
    units          bigint not null,
    unit           bigint not null,
    window_ends_ns bigint,
    taken_to       bigint not null,
    born_ns        bigint,
    expires_at_ns  bigint not null,
    constraint reservations_fast_pkey primary key (id)
);
create index reservations_fast_key on pgstead.reservations_fast (key);
create index reservations_fast_expires_at_ns on pgstead.reservations_fast (expires_at_ns);

create table pgstead.reservations_durable (
    id             uuid   not null,
    key            uuid   not null,
    units          bigint not null,
    unit           bigint not null,
    window_ends_ns bigint,
    taken_to       bigint not null,
    born_ns        bigint,
    expires_at_ns  bigint not null,
    constraint reservations_durable_pkey primary key (id)
);
create index reservations_durable_key on pgstead.reservations_durable (key);
create index reservations_durable_expires_at_ns on pgstead.reservations_durable (expires_at_ns);

-- Who holds a permit of which key. A row is all permits of a key, so that one statement counts
-- and grants.
--
-- ids               The permits.
-- expire_at_ns      Beside each when it ends, if its holder gives no sign of life.
-- wanted, renewed,
-- released, ttl_ns,
-- capacity          Carry a request into `on conflict`, as in limits_fast, and `wanted` what came of
--                   it out again. They mean nothing at rest.
create unlogged table pgstead.permits_fast (
    key          uuid     not null,
    ids          uuid[]   not null,
    expire_at_ns bigint[] not null,
    asked_at_ns  bigint   not null,
    wanted       uuid[],
    renewed      uuid[],
    released     uuid[],
    ttl_ns       bigint,
    capacity     bigint,
    constraint permits_fast_pkey primary key (key)
) with (fillfactor = 90);

create table pgstead.permits_durable (
    key          uuid     not null,
    ids          uuid[]   not null,
    expire_at_ns bigint[] not null,
    asked_at_ns  bigint   not null,
    wanted       uuid[],
    renewed      uuid[],
    released     uuid[],
    ttl_ns       bigint,
    capacity     bigint,
    constraint permits_durable_pkey primary key (key)
) with (fillfactor = 90);

-- Policies that were stored while pgstead ran. One of the same name in a configuration stands
-- below it. Of `per_ns`, `period` and `zone` a quota has the latter two, and all others the first.
create table pgstead.limit_policies (
    name         text    not null,
    algorithm    text    not null,
    "limit"      bigint  not null,
    per_ns       bigint  not null,
    period       text,
    zone         text,
    burst        bigint,
    durable      boolean not null,
    on_outage    text,
    timeout_ns   bigint  not null,
    lease        text    not null,
    lockout_ns   bigint[] not null,
    count_denied boolean not null,
    shadow       boolean not null,
    stored_at    timestamptz not null default now(),
    constraint limit_policies_pkey primary key (name)
);

-- Where the sweep of each table is, as a block of it, and when its next step is due, for all processes.
create table pgstead.limits_sweeps (
    swept        text   not null,
    next_block   bigint not null,
    due_at_ns    bigint not null,
    constraint limits_sweeps_pkey primary key (swept)
);
insert into pgstead.limits_sweeps (swept, next_block, due_at_ns)
select swept, 0, 0
from unnest(array['limits_fast', 'limits_durable', 'permits_fast', 'permits_durable'])
    as one (swept);

-- The last time step of a one-time password that each account has used. After expires_at_ns no
-- password of that step is accepted anyway.
create table pgstead.totp_steps (
    key           uuid   not null,
    last_step     bigint not null,
    expires_at_ns bigint not null,
    constraint totp_steps_pkey primary key (key)
);
