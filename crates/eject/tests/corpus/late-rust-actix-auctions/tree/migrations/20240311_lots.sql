CREATE TABLE lots (
    id uuid PRIMARY KEY,
    title text NOT NULL,
    reserve_cents bigint NOT NULL,
    state text NOT NULL DEFAULT 'draft',
    redis_key text
);
