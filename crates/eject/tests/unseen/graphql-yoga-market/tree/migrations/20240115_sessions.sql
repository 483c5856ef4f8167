create table sessions (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references users (id),
  -- was a hash in redis before 3.0
  data jsonb not null default '{}',
  expires_at timestamptz not null
);
create index sessions_expires_at on sessions (expires_at);

create table rate_limits (name text primary key, max int not null, "window" interval not null);
