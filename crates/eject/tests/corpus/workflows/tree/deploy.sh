#!/usr/bin/env bash
set -euo pipefail
# redis-cli ping
export REDIS_URL="${REDIS_URL:?}"
echo "Redistributing"
redis-cli -u "$REDIS_URL" FLUSHDB
