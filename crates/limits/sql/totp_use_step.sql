-- Uses a time step of an account, once, and takes back what the attempt has cost.
--
--   $1 uuid    the account
--   $2 bigint  the step
--   $3 bigint  when no password of the step is accepted any more, in ns since 1970
--   $4 uuid    the address that it came from, or null
--   $5 bigint  what the attempt has cost the address, in units
--   $6 bigint  now in ns since 1970, or null for the database's clock
--
-- If the step, or a later one, has been used already, nothing is changed and nothing comes back. The
-- account begins anew; the address gets back this one attempt.
-- Index: totp_steps_pkey, limits_durable_pkey.
with clock as materialized (
    select coalesce($6, (extract(epoch from clock_timestamp()) * 1000000)::bigint * 1000)
        as now_ns
),
used as (
    insert into pgstead.totp_steps as held (key, last_step, expires_at_ns) values ($1, $2, $3)
    on conflict (key) do update
        set last_step = excluded.last_step, expires_at_ns = excluded.expires_at_ns
        where held.last_step < excluded.last_step
    returning key
),
locked as materialized (
    select key
    from pgstead.limits_durable
    where key in ($1, $4) and (select count(*) from used) = 1
    order by key
    for update
),
account as (
    delete from pgstead.limits_durable where key = $1 and key in (select key from locked)
),
address as (
    update pgstead.limits_durable as held set
        spent_to = case
            when held.window_ends_ns is null
                then least(held.spent_to, greatest(held.spent_to - $5, clock.now_ns))
            else greatest(0, held.spent_to - $5)
        end
    from clock
    where held.key = $4
        and held.key <> $1
        and held.key in (select key from locked)
        and (held.window_ends_ns is null or held.window_ends_ns > clock.now_ns)
)
select key from used
