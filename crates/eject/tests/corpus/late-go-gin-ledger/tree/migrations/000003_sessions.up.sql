-- Sessions of the back office. They were to go to Redis, and stayed here.
create table sessions (
    id          uuid primary key,
    operator    text        not null,
    redis_key   text,
    expires_at  timestamptz not null
);

create index sessions_expires_at on sessions (expires_at);
