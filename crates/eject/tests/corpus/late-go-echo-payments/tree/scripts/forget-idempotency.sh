#!/usr/bin/env bash
# Forgets the responses of one merchant, after a replay went wrong.
set -euo pipefail
merchant=${1:?merchant}
host=${REDIS_HOST:-localhost}

redis-cli -h "$host" --no-auth-warning --scan --pattern "pay:idem:${merchant}/*" |
  xargs -r -n 200 redis-cli -h "$host" --no-auth-warning UNLINK
psql "$DATABASE_URL" -c "insert into audit (what) values ('forget $merchant')"
