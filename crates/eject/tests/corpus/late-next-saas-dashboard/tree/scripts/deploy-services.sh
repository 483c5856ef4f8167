#!/usr/bin/env bash
set -euo pipefail
tag="$1"

for service in realtime admin cron; do
  flyctl secrets set --stage -a "metricly-$service" REDIS_URL="$UPSTASH_REDIS_TCP_URL"
  flyctl deploy -a "metricly-$service" --image "$CI_REGISTRY_IMAGE/$service:$tag" --strategy rolling
done
