//! Addresses of servers in any text: `data/addresses.toml`, a file of data.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;
use serde::Deserialize;

use crate::finding::Store;

#[derive(Deserialize)]
struct Data {
    store: Vec<Known>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Known {
    store: Store,
    schemes: Vec<String>,
    hosts: Vec<String>,
    not: Vec<String>,
    ports: Vec<u16>,
}

static KNOWN: LazyLock<Vec<Known>> = LazyLock::new(|| {
    let data = include_str!("../../data/addresses.toml");
    toml::from_str::<Data>(data).expect("a test reads the file").store
});

/// `scheme://…`, `scheme:?host[…]` of Symfony, or a name of a host with dots and perhaps a port, or a name with a port.
static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r#"(?i)(?P<scheme>[a-z][a-z0-9-]*)(?:(?:\+[a-z0-9+.-]+)?://|:\?host\[)[^\s"'`<>|]*"#,
        r"|(?P<host>[a-z_][a-z0-9_-]*(?:\.[a-z0-9_-]+)*)(?::(?P<port>[0-9]{2,5})\b)?",
    ))
    .expect("it is valid")
});

/// What stands behind an address as StackExchange.Redis has it: `cache:6379,password=…`.
static OPTIONS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)^\s*,\s*(?:password|user|ssl|abortConnect|allowAdmin|defaultDatabase|connectTimeout|syncTimeout|connectRetry|keepAlive)\s*=",
    )
    .expect("it is valid")
});

/// An address of a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Address {
    /// Where it stands in the text.
    pub(crate) span: Range<usize>,
    pub(crate) store: Store,
    /// Whether it says itself what it is of: by its scheme, or by a host that a provider has given.
    pub(crate) is_certain: bool,
    /// Whether it leads to the machine itself, or to a neighbour without a domain.
    pub(crate) is_local: bool,
}

/// The first address of a server in a text.
pub(crate) fn find(text: &str) -> Option<Address> {
    // Nothing else holds an address, and most texts do not.
    if !text.contains([':', '.']) {
        return None;
    }
    ADDRESS.captures_iter(text).find_map(|found| {
        let span = found.get(0)?.range();
        if let Some(scheme) = found.name("scheme") {
            let (scheme, address) = (scheme.as_str(), &text[span.clone()]);
            let store = of_scheme(scheme)
                .or_else(|| of_host(host(address)))
                .or_else(|| of_transport(scheme, address))?;
            let is_local = is_local(host(address));
            return Some(Address { span, store, is_certain: true, is_local });
        }
        let host = &found["host"];
        if let Some(store) = of_host(host) {
            return Some(Address { span, store, is_certain: true, is_local: false });
        }
        let port: u16 = found.name("port")?.as_str().parse().ok()?;
        let store = of_port(port)?;
        let is_certain = store == Store::Redis && OPTIONS.is_match(&text[span.end..]);
        Some(Address { span, store, is_certain, is_local: is_local(host) })
    })
}

/// The store whose servers listen on a port.
pub(super) fn of_port(port: u16) -> Option<Store> {
    KNOWN.iter().find(|known| known.ports.contains(&port)).map(|known| known.store)
}

/// The store of an address whose scheme says only how it is spoken to: `tcp://10.0.0.1:6379?database=1` of PHP.
fn of_transport(scheme: &str, address: &str) -> Option<Store> {
    let rest = address.split_once("://").map_or("", |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#', ',']).next().unwrap_or(rest);
    let port = authority.rsplit_once(':').and_then(|(_, port)| port.parse().ok());
    port.filter(|_| matches!(scheme, "tcp" | "tls" | "ssl")).and_then(of_port)
}

fn of_scheme(scheme: &str) -> Option<Store> {
    let scheme = scheme.to_ascii_lowercase();
    KNOWN.iter().find(|known| known.schemes.contains(&scheme)).map(|known| known.store)
}

fn of_host(host: &str) -> Option<Store> {
    let host = host.to_ascii_lowercase();
    let ends = |end: &String| {
        host.strip_suffix(&**end).is_some_and(|rest| rest.is_empty() || rest.ends_with(['.', '-']))
    };
    let is_other = |known: &Known| {
        known.not.iter().any(|word| host.split(['.', '-']).any(|part| part == word))
    };
    let mut of = KNOWN.iter().filter(|known| known.hosts.iter().any(ends) && !is_other(known));
    of.next().map(|known| known.store)
}

/// The name of the host of `scheme://user:password@host:port/path`.
fn host(address: &str) -> &str {
    let rest = address.split_once("://").or_else(|| address.split_once(":?host["));
    let rest = rest.map_or(address, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#', ']']).next().unwrap_or(rest);
    let host = authority.rsplit('@').next().unwrap_or(authority);
    host.split(':').next().unwrap_or(host)
}

/// The machine itself, or a name without a domain: a container beside it.
fn is_local(host: &str) -> bool {
    let is_reference = host.contains(['$', '{', '%']);
    !is_reference && (!host.contains('.') || host.starts_with("127.") || host == "0.0.0.0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_known_by_scheme_host_or_port() {
        for (text, found, store) in [
            ("url = redis://:p@cache:6379/0;", "redis://:p@cache:6379/0;", Store::Redis),
            ("'rediss://x'", "rediss://x", Store::Redis),
            ("redis+sentinel://:p@s:26379/m", "redis+sentinel://:p@s:26379/m", Store::Redis),
            (
                "mongodb+srv://u:p@c.mongodb.net/x",
                "mongodb+srv://u:p@c.mongodb.net/x",
                Store::Mongodb,
            ),
            (
                "a.redis.cache.windows.net:6380,password=x",
                "a.redis.cache.windows.net:6380",
                Store::Redis,
            ),
            ("https://eu1-x.upstash.io", "https://eu1-x.upstash.io", Store::Redis),
            (
                "host: x.abc.0001.use1.cache.amazonaws.com",
                "x.abc.0001.use1.cache.amazonaws.com",
                Store::Redis,
            ),
            ("cache:6379", "cache:6379", Store::Redis),
        ] {
            let address = find(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!((&text[address.span], address.store), (found, store));
        }
        for text in [
            "6379:6379",
            "https://vector-x.upstash.io",
            "predis://x",
            "redis: 1",
            "https://redis.io/docs",
            "localhost:5432",
            "myredis.cache.windows.net.evil",
            "C:\\6379",
            "",
        ] {
            assert_eq!(find(text), None, "{text}");
        }
        assert!(find("localhost:6379,password=x").unwrap().is_certain);
        assert!(!find("localhost:6379,db=x").unwrap().is_certain);
        assert!(find("redis://localhost:6379").unwrap().is_local);
        assert!(find("redis://cache").unwrap().is_local);
        assert!(!find("rediss://a.b.c:1").unwrap().is_local);
        assert!(!find("redis://${HOST}:1").unwrap().is_local);
    }
}
