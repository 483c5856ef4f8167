create table sessions (id text primary key, data bytea not null, expires_at timestamptz not null);
comment on table sessions is 'from before tower-sessions kept them in Redis';
