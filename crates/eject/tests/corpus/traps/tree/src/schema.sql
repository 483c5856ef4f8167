-- Redis held these until 2023.
create table integrations (
    id bigint primary key,
    redis_migrated_at timestamptz,
    kind text check (kind in ('redis', 'postgres'))
);
