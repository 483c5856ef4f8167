//! Addresses of servers.

use std::sync::LazyLock;

use regex::Regex;

use super::{
    super::{Reading, binding_around},
    around::setting_around,
    told,
};
use crate::{
    code::other::{
        known,
        source::{Text, clip},
    },
    finding::{Kind, Sighting, Store},
};

/// An address of a server, and what stands behind the scheme.
static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"^(?:jdbc:)?(?P<scheme>rediss?|redis\+\w+|redis-sentinel|redis-socket|rediss?-cluster|rediscache|hiredis|unix\+redis|sentinel|valkeys?|mongodb|mongodb\+srv)",
        r"://(?P<rest>\S*)$",
    ))
    .expect("it is valid")
});

/// A host with the port that servers of a store have.
static HOST: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"^(?:tcp://|tls://)?[\w.$%{}-]*:(?P<port>6379|6380|26379|27017)(?:$|[,/?])",
        r"|^[\w-]+(?:\.[\w-]+)*\.(?:redis\.cache\.windows\.net|cache\.amazonaws\.com|mongo\.cosmos\.azure\.com)\b",
    ))
    .expect("it is valid")
});

/// The store whose server a text is the address of.
pub(super) fn address_of(value: &str) -> Option<Store> {
    if let Some(found) = ADDRESS.captures(value) {
        let is_mongo = found["scheme"].starts_with("mongo");
        return Some(if is_mongo { Store::Mongodb } else { Store::Redis });
    }
    let found = HOST.captures(value)?;
    let is_mongo =
        found.name("port").is_some_and(|port| port.as_str() == "27017") || value.contains("mongo");
    Some(if is_mongo { Store::Mongodb } else { Store::Redis })
}

pub(super) fn address(reading: &Reading<'_>, text: &Text) -> Option<Sighting> {
    let store = address_of(&text.value)?;
    // A scheme alone is what addresses are compared with, unless it is given to a setting.
    let is_bare = text.value.ends_with("://");
    let binding = binding_around(reading.source, text.span.start);
    if is_bare && binding.is_none_or(|binding| known::setting(&binding.target).is_none()) {
        return None;
    }
    let sighting =
        Sighting::new(Kind::ConnectionString, store, text.span.clone(), clip(&text.value, 120));
    let purpose = setting_around(reading, text.span.start);
    Some(told(sighting, purpose.or_else(|| reading.purpose_around(text.span.start))))
}
