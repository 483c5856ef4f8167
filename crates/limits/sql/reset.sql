-- Gives everything back: a key without a row has taken nothing. Its reservations are void, or they
-- would give back what nobody has taken since. Its permits are taken back.
--
--   $1 uuid[]  keys
--
-- Reservations are locked before limits, by their ids, and limits by their keys: so does everybody
-- who locks more than one of them. Index: limits_fast_pkey.
with reserved as materialized (
    select id from pgstead.reservations_fast where key = any ($1::uuid[]) order by id for update
),
void as (
    delete from pgstead.reservations_fast where id in (select id from reserved) returning id
),
out as materialized (
    select key from pgstead.permits_fast where key = any ($1::uuid[]) order by key for update
),
taken_back as (
    delete from pgstead.permits_fast where key in (select key from out)
),
held as materialized (
    select key
    from pgstead.limits_fast
    where key = any ($1::uuid[])
        -- Never false: it has the reservations done first.
        and (select count(*) from void) >= 0
    order by key
    for update
)
delete from pgstead.limits_fast where key in (select key from held)
