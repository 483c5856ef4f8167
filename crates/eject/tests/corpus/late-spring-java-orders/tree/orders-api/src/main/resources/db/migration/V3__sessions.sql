-- Sessions of the till, not of the shop: those are Spring Session's and live in Redis.
create table sessions (
    id         bigserial primary key,
    till       text not null,
    opened_at  timestamptz not null default now(),
    cache_hits integer not null default 0
);
