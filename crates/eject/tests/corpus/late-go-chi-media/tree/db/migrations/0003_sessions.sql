create table sessions (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references users (id),
  redis_key text,
  created_at timestamptz not null default now()
);
create table job_queue (id bigserial primary key, payload jsonb not null);
