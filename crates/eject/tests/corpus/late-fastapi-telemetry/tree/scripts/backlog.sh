#!/usr/bin/env bash
set -euo pipefail

# how far behind is each consumer of the group?
: "${TELEMETRY_REDIS__URL:?}"
redis-cli -u "$TELEMETRY_REDIS__URL" XINFO GROUPS readings
redis-cli -u "$TELEMETRY_REDIS__URL" XPENDING readings aggregator IDLE 60000 - + 20
