#!/usr/bin/env bash
set -euo pipefail

: "${REDIS_HOST:?}"
for key in $(redis-cli -h "$REDIS_HOST" --scan --pattern 'tmp:*'); do
  redis-cli -h "$REDIS_HOST" -a hunter2Rotatehunter2 unlink "$key" >/dev/null
done
psql "$DATABASE_URL" -c 'vacuum'
echo "Redis is clean; redis-cli says hello"
