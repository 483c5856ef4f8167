-- Takes the next turn of an endpoint with a rate, if it comes soon.
--
--   $1 uuid    the endpoint
--   $2 bigint  how many microseconds lie between two requests
--   $3 bigint  what is soon, in microseconds
--
-- Comes back: in how many microseconds it is; without a row it is later, and nothing was taken.
-- Index: webhook_rates_pkey.
insert into pgstead.webhook_rates as held (endpoint, free_at)
values ($1, clock_timestamp() + $2::bigint * interval '1 microsecond')
on conflict (endpoint) do update set
    free_at = greatest(held.free_at, clock_timestamp()) + $2::bigint * interval '1 microsecond'
where held.free_at <= clock_timestamp() + $3::bigint * interval '1 microsecond'
returning (
    extract(epoch from free_at - clock_timestamp()) * 1000000
)::bigint - $2::bigint as wait_us
