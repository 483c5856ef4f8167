-- Removes what has been kept long enough, as many rows of each table at most.
--
--   $1 bigint   for how many ms results, progress and logs are kept
--   $2 bigint   for how many ms dead letters are kept
--   $3 integer  how many at most
--
-- Index: queue_dedup_expires_at, queue_results_finished_at, queue_progress_at, queue_logs_at,
-- queue_dead_died_at.
with keys as (
    delete from pgstead.queue_dedup where ctid = any(array(
        select ctid from pgstead.queue_dedup where expires_at <= now()
        order by expires_at limit $3 for update skip locked
    )) and expires_at <= now()
    returning 1
),
results as (
    delete from pgstead.queue_results where ctid = any(array(
        select ctid from pgstead.queue_results
        where finished_at <= now() - $1::bigint * interval '1 millisecond'
        order by finished_at limit $3 for update skip locked
    ))
    returning 1
),
progress as (
    delete from pgstead.queue_progress where ctid = any(array(
        select ctid from pgstead.queue_progress
        where at <= now() - $1::bigint * interval '1 millisecond'
        order by at limit $3 for update skip locked
    ))
    returning 1
),
logs as (
    delete from pgstead.queue_logs where ctid = any(array(
        select ctid from pgstead.queue_logs
        where at <= now() - $1::bigint * interval '1 millisecond'
        order by at limit $3 for update skip locked
    ))
    returning 1
),
dead as (
    delete from pgstead.queue_dead where ctid = any(array(
        select ctid from pgstead.queue_dead
        where died_at <= now() - $2::bigint * interval '1 millisecond'
        order by died_at limit $3 for update skip locked
    ))
    returning 1
)
select
    (select count(*) from keys),
    (select count(*) from results),
    (select count(*) from progress) + (select count(*) from logs),
    (select count(*) from dead)
