-- What has been taken from each limit. A row is one key of one policy; a key without a row has
-- taken nothing. Fast and durable policies have the same table, which only its storage tells apart.
--
-- key             128 bits of a keyed BLAKE3 of policy and key: fixed in size, and nobody's address
--                 or name is at rest here.
-- spent_from,
-- spent_to        The last grant took what lies between them. spent_to is the state:
--                 - token bucket: the instant, in ns since 1970, at which the bucket is full again
--                   (the theoretical arrival time of GCRA); a token is the policy's interval long;
--                 - window: how much of its limit has been taken.
-- asked_at_ns     When it was last asked, in ns since 1970.
-- window_ends_ns  When the window ends, in ns since 1970; null for a token bucket.
-- step, capacity  Carry a request into `on conflict`, where nothing but the columns of `excluded`
--                 can be seen. They mean nothing at rest.
--
-- No index but the primary key, and room on every page, so that an update stays on its page (HOT).
-- A fillfactor below 90 would have a page pruned at nearly every update and not at every tenth.
create unlogged table pgstead.limits_fast (
    key            uuid   not null,
    spent_from     bigint not null,
    spent_to       bigint not null,
    asked_at_ns    bigint not null,
    window_ends_ns bigint,
    step           bigint,
    capacity       bigint,
    constraint limits_fast_pkey primary key (key)
) with (fillfactor = 90);

create table pgstead.limits_durable (
    key            uuid   not null,
    spent_from     bigint not null,
    spent_to       bigint not null,
    asked_at_ns    bigint not null,
    window_ends_ns bigint,
    step           bigint,
    capacity       bigint,
    constraint limits_durable_pkey primary key (key)
) with (fillfactor = 90);

comment on table pgstead.limits_fast is
    'What has been taken from the limits that need not survive a crash. Written by pgstead.';
comment on table pgstead.limits_durable is
    'What has been taken from the limits that survive a crash. Written by pgstead.';
