CREATE TABLE driving_sessions (
    id         bigserial PRIMARY KEY,
    vehicle_id bigint NOT NULL,
    started_at timestamptz NOT NULL DEFAULT now(),
    queue      text,
    redis_id   text -- the stream id it came with
);
CREATE TABLE rate_limits (client_id text PRIMARY KEY, per_minute int NOT NULL);
