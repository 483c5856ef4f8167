-- Removes what is past its time; those that somebody is at are left.
--
--   $1 integer  how many at most
--
-- How many. Index: server_idempotency_until.
with past as (
    select id from pgstead.server_idempotency
    where until < now()
    order by until
    limit $1::integer
    for update skip locked
),
removed as (
    delete from pgstead.server_idempotency where id = any (array(select id from past)) returning 1
)
select count(*) from removed
