//! Which calls are a use of the data.

use std::collections::BTreeMap;

/// Calls by command: those that use data, and those that keep a server or a connection.
pub(super) type Split = (BTreeMap<String, u64>, BTreeMap<String, u64>);

/// Commands that use no data: who connects, who watches whether the server lives, who replicates it.
const HOUSEKEEPING: &[&str] = &[
    "acl",
    "asking",
    "auth",
    "bgrewriteaof",
    "bgsave",
    "client",
    "cluster",
    "command",
    "config",
    "dbsize",
    "debug",
    "echo",
    "failover",
    "hello",
    "info",
    "lastsave",
    "latency",
    "lolwut",
    "memory",
    "module",
    "monitor",
    "ping",
    "psync",
    "quit",
    "readonly",
    "readwrite",
    "replconf",
    "replicaof",
    "reset",
    "role",
    "save",
    "select",
    "shutdown",
    "slaveof",
    "slowlog",
    "sync",
    "time",
];

/// What a look calls itself, at most: to connect, and to ask. Between the counts of two looks there are these of the second,
/// and the `INFO` of the first, which counts itself only when it has been answered.
const OURS: &[(&str, u64)] = &[
    ("auth", 1),
    ("client", 4),
    ("client|id", 1),
    ("client|list", 1),
    ("client|setinfo", 2),
    ("hello", 1),
    ("info", 1),
    ("select", 1),
];

/// What was called between two counts; nothing if a count went down.
pub(super) fn between(
    first: &BTreeMap<String, u64>,
    second: &BTreeMap<String, u64>,
) -> Option<BTreeMap<String, u64>> {
    if first.keys().any(|name| !second.contains_key(name)) {
        return None;
    }
    let calls = second.iter().map(|(name, calls)| {
        let before = first.get(name).copied().unwrap_or(0);
        calls.checked_sub(before).map(|calls| (name.clone(), calls))
    });
    calls.collect()
}

/// The calls of others.
pub(super) fn others(calls: BTreeMap<String, u64>) -> Split {
    let mut split = Split::default();
    for (name, calls) in calls {
        let ours = OURS.iter().find(|(ours, _)| *ours == name).map_or(0, |(_, calls)| *calls);
        let calls = calls.saturating_sub(ours);
        if calls == 0 {
            continue;
        }
        let command = name.split('|').next().unwrap_or(&name);
        let is_housekeeping = HOUSEKEEPING.contains(&command);
        let side = if is_housekeeping { &mut split.1 } else { &mut split.0 };
        side.insert(name.replace('|', " "), calls);
    }
    split
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calls(calls: &[(&str, u64)]) -> BTreeMap<String, u64> {
        calls.iter().map(|(name, calls)| ((*name).to_owned(), *calls)).collect()
    }

    #[test]
    fn what_we_call_is_taken_off_and_what_uses_data_is_told_apart() {
        let first = calls(&[("info", 3), ("get", 5)]);
        let second = calls(&[
            ("client|list", 1),
            ("client|setinfo", 2),
            ("get", 7),
            ("info", 4),
            ("ping", 30),
            ("xgroup|create", 1),
        ]);
        let (used, besides) = others(between(&first, &second).unwrap());
        assert_eq!(used, calls(&[("get", 2), ("xgroup create", 1)]));
        assert_eq!(besides, calls(&[("ping", 30)]));
    }

    #[test]
    fn counts_that_go_down_are_no_counts() {
        assert_eq!(between(&calls(&[("get", 5)]), &calls(&[("get", 1)])), None);
        assert_eq!(between(&calls(&[("get", 5)]), &calls(&[])), None);
    }
}
