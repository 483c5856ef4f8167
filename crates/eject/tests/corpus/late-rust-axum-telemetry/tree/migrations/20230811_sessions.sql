-- the sessions of the old portal; the gateway keeps its own elsewhere
create table sessions (
    id uuid primary key,
    customer text not null,
    redis_key text,
    expires_at timestamptz not null
);
