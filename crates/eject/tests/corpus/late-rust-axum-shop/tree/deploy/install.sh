#!/bin/sh
set -eu
host=${1:?host}
cargo build --release --workspace
scp target/release/shop-api target/release/shop-worker "$host:/usr/local/bin/"
scp deploy/*.service "$host:/etc/systemd/system/"
ssh "$host" 'apt-get install -y redis-server postgresql-client && systemctl daemon-reload'
ssh "$host" systemctl restart shop-api shop-worker
