#!/usr/bin/env bash
# Frees every seat of one event: scripts/release-holds.sh <event id>
set -euo pipefail

event="${1:?event id}"
: "${REDIS_HOST:=localhost}"

redis-cli -h "$REDIS_HOST" --scan --pattern "hold:{${event}}:*" \
  | xargs -r -n 100 redis-cli -h "$REDIS_HOST" UNLINK
echo "freed the seats of ${event}"
