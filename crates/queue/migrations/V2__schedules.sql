-- Jobs that are sent at their times.
--
-- cron, zone           A pattern of five or six fields, and the zone whose clock it is read by;
-- every_ms             or whole multiples of that since 1970;
-- once_at              or once.
-- misfire              What becomes of ticks that nobody was there for: 'skip', 'run-once' or 'catch-up'.
-- within_ms            For 'catch-up': those are run that are no older.
-- revision             Another one with each change of the definition: who ticks by one that was changed
--                      meanwhile does not.
-- next_at              The tick that comes next; null when there is none any more.
-- last_at              The tick of which the last job is.
create table pgstead.schedules (
    name       text        not null,
    revision   bigint      generated always as identity,
    queue      text        not null,
    message    jsonb       not null,
    headers    jsonb,
    cron       text,
    zone       text,
    every_ms   bigint,
    once_at    timestamptz,
    misfire    text        not null,
    within_ms  bigint,
    created_at timestamptz not null default now(),
    paused_at  timestamptz,
    next_at    timestamptz,
    last_at    timestamptz,
    constraint schedules_pkey primary key (name),
    constraint schedules_when check (
        num_nonnulls(cron, every_ms, once_at) = 1 and (cron is null) = (zone is null)
    ),
    constraint schedules_misfire check (
        misfire in ('skip', 'run-once', 'catch-up') and (misfire = 'catch-up') = (within_ms is not null)
    )
) with (fillfactor = 80);
create index schedules_due on pgstead.schedules (next_at)
where next_at is not null and paused_at is null;
