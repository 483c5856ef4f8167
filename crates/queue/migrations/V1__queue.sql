-- What pgmq's queues lack. The jobs themselves are pgmq's messages, in `pgmq.q_<queue>`.
--
-- Of a job's headers these are ours, and whoever sends with `pgmq.send` may set the first two:
--
-- x-pgmq-group         Jobs of one group run one after another, in the order in which they were sent.
-- x-pgstead-priority   '1' runs first and '4' last; without it, '2'.
-- x-pgstead-errors     Why the attempts so far have failed, the latest last.
--
-- A job of a group whose turn has not come has `vt = 'infinity'`.

-- Queues that pgstead knows.
--
-- paused_at            Nobody is given a job while it is set.
create table pgstead.queues (
    name       text        not null,
    created_at timestamptz not null default now(),
    paused_at  timestamptz,
    constraint queues_pkey primary key (name)
);

-- Jobs that are not tried any more.
--
-- msg_id               Its number while it was in the queue.
-- attempts             How often it was claimed.
-- errors               Why its attempts failed, the latest last: [{"at", "attempt", "error"}].
create table pgstead.queue_dead (
    queue       text        not null,
    msg_id      bigint      not null,
    died_at     timestamptz not null default now(),
    enqueued_at timestamptz not null,
    attempts    integer     not null,
    message     jsonb,
    headers     jsonb,
    errors      jsonb       not null,
    constraint queue_dead_pkey primary key (queue, msg_id)
);
create index queue_dead_queue on pgstead.queue_dead (queue, died_at, msg_id);
create index queue_dead_died_at on pgstead.queue_dead (died_at);

-- Keys of which one job was sent, until another of the same may be sent.
create table pgstead.queue_dedup (
    queue      text        not null,
    key        text        not null,
    msg_id     bigint      not null,
    expires_at timestamptz not null,
    constraint queue_dedup_pkey primary key (queue, key)
);
create index queue_dedup_expires_at on pgstead.queue_dedup (expires_at);

-- What jobs have left that said something at their end.
create table pgstead.queue_results (
    queue       text        not null,
    msg_id      bigint      not null,
    finished_at timestamptz not null default now(),
    attempts    integer     not null,
    discarded   boolean     not null,
    result      jsonb,
    constraint queue_results_pkey primary key (queue, msg_id)
);
create index queue_results_finished_at on pgstead.queue_results (finished_at);

-- What jobs say while they run: how far they are, and lines of a log. Lost in a crash of PostgreSQL.
create unlogged table pgstead.queue_progress (
    queue    text        not null,
    msg_id   bigint      not null,
    at       timestamptz not null default now(),
    progress jsonb       not null,
    constraint queue_progress_pkey primary key (queue, msg_id)
) with (fillfactor = 80);
create index queue_progress_at on pgstead.queue_progress (at);

create unlogged table pgstead.queue_logs (
    queue  text        not null,
    msg_id bigint      not null,
    at     timestamptz not null default clock_timestamp(),
    line   text        not null
);
create index queue_logs_job on pgstead.queue_logs (queue, msg_id, at);
create index queue_logs_at on pgstead.queue_logs (at);

-- Has a queue be there, with the indexes that priorities and groups rely on. One that pgmq has made
-- becomes ours too.
create function pgstead.ensure_queue(queue text) returns void language plpgsql as $$
declare
    jobs text := 'q_' || queue;
begin
    if to_regnamespace('pgmq') is null then
        raise exception 'pgmq is not installed in this database'
            using hint = 'Run `pgstead migrate`.', errcode = 'invalid_schema_name';
    end if;
    -- Of many processes that need it for the first time one makes it.
    perform pg_advisory_xact_lock(hashtextextended('pgstead.queue ' || queue, 0));
    if to_regclass(format('pgmq.%I', jobs)) is null then
        perform pgmq.create(queue);
    end if;
    execute format(
        'create index if not exists %I on pgmq.%I ((headers ->> ''x-pgmq-group''), msg_id)
            where headers ->> ''x-pgmq-group'' is not null',
        jobs || '_groups', jobs
    );
    execute format(
        'create index if not exists %I on pgmq.%I ((headers ->> ''x-pgmq-group''), msg_id)
            where vt = ''infinity''',
        jobs || '_parked', jobs
    );
    execute format(
        'create index if not exists %I on pgmq.%I ((headers ->> ''x-pgstead-priority''), vt)
            where headers ->> ''x-pgstead-priority'' is not null',
        jobs || '_priorities', jobs
    );
    insert into pgstead.queues (name) values (queue) on conflict do nothing;
end
$$;

-- Whose turn it is of jobs that were claimed: of those of a group only as many as may run at once, the
-- first in the order of sending. The others wait without a claim until it is.
--
-- A function, so that the second statement sees what was committed before the lock was had: who
-- finishes a job passes the turn on under the same lock.
create function pgstead.take_turns(
    queue text, msg_ids bigint[], groups text[], at_once integer
) returns setof bigint language plpgsql as $$
begin
    perform pg_advisory_xact_lock(hashtextextended(queue || ' ' || name, 1))
    from (select distinct name from unnest(groups) as name order by name) as locked;
    return query execute format(
        'with asked as (
            select * from unnest($1, $2) as one (msg_id, name)
        ),
        due as (
            select asked.msg_id from asked where $3 > (
                select count(*) from (
                    select from pgmq.%1$I as earlier
                    where earlier.headers ->> ''x-pgmq-group'' = asked.name
                        and earlier.msg_id < asked.msg_id
                    limit $3
                ) as earlier
            )
        ),
        parked as (
            update pgmq.%1$I as held set vt = ''infinity'', read_ct = held.read_ct - 1
            from asked
            where held.msg_id = asked.msg_id and asked.msg_id not in (select msg_id from due)
        )
        select msg_id from due',
        'q_' || queue
    ) using msg_ids, groups, at_once;
end
$$;

-- Has those run whose turn it is now, after a job of each of the groups has gone. Returns how many.
create function pgstead.pass_turns(
    queue text, groups text[], at_once integer
) returns bigint language plpgsql as $$
declare
    passed bigint;
begin
    perform pg_advisory_xact_lock(hashtextextended(queue || ' ' || name, 1))
    from (select distinct name from unnest(groups) as name order by name) as locked;
    execute format(
        'update pgmq.%1$I set vt = now() where vt = ''infinity'' and msg_id in (
            select first.msg_id from (select distinct name from unnest($1) as name) as asked
            cross join lateral (
                select msg_id from pgmq.%1$I
                where headers ->> ''x-pgmq-group'' = asked.name
                order by msg_id limit $2
            ) as first
        )',
        'q_' || queue
    ) using groups, at_once;
    get diagnostics passed = row_count;
    return passed;
end
$$;

-- Headers with one more error. The last 20 are kept.
create function pgstead.add_error(headers jsonb, attempt integer, error text) returns jsonb
language sql stable as $$
    select case when jsonb_typeof(headers) = 'object' then headers else '{}' end
        || jsonb_build_object(
            'x-pgstead-errors',
            case
                when jsonb_typeof(headers -> 'x-pgstead-errors') <> 'array' then '[]'
                -- It was told before, and whoever did was not answered.
                when headers -> 'x-pgstead-errors' -> -1 ->> 'attempt' = attempt::text
                    then (headers -> 'x-pgstead-errors') - (-1)
                when jsonb_array_length(headers -> 'x-pgstead-errors') >= 20
                    then (headers -> 'x-pgstead-errors') - 0
                else coalesce(headers -> 'x-pgstead-errors', '[]')
            end
            || jsonb_build_object('at', now(), 'attempt', attempt, 'error', error)
        )
$$;
