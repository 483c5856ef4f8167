//! The ids of endpoints, events and attempts: UUIDs of version 7 (RFC 9562), which begin with their time.
//!
//! As text they are a prefix that says what they name, and 22 digits of base 62.

use std::{
    fmt,
    str::FromStr,
    time::{Duration, SystemTime},
};

use uuid::Uuid;

/// Names an endpoint: `ep_…`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EndpointId(pub(crate) Uuid);

/// Names an event to us: `msg_…`. Its receivers know it by that, or by the id that its publisher gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventId(pub(crate) Uuid);

/// Names an attempt, and the request that it made: `att_…`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AttemptId(pub(crate) Uuid);

/// A text that is no id of that kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidId {
    kind: &'static str,
    prefix: &'static str,
}

const DIGITS: usize = 22;

/// A new one of that time.
pub(crate) fn new(at: SystemTime) -> Uuid {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).expect("the system has randomness");
    let since = at.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let ms = u64::try_from(since.as_millis()).unwrap_or(u64::MAX);
    bytes[..6].copy_from_slice(&ms.to_be_bytes()[2..]);
    bytes[6] = bytes[6] & 0x0f | 0x70;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    Uuid::from_bytes(bytes)
}

/// One that says nothing of its time.
pub(crate) fn random() -> Uuid {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).expect("the system has randomness");
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    Uuid::from_bytes(bytes)
}

fn write(f: &mut fmt::Formatter<'_>, prefix: &str, id: Uuid) -> fmt::Result {
    write!(f, "{prefix}{:0>DIGITS$}", base62::encode(id.as_u128()))
}

fn read(text: &str, prefix: &str) -> Option<Uuid> {
    let digits = text.strip_prefix(prefix)?;
    if digits.len() != DIGITS {
        return None;
    }
    base62::decode(digits).ok().map(Uuid::from_u128)
}

impl EventId {
    /// When it was published.
    #[must_use]
    pub fn published_at(self) -> SystemTime {
        let mut ms = [0; 8];
        ms[2..].copy_from_slice(&self.0.as_bytes()[..6]);
        SystemTime::UNIX_EPOCH + Duration::from_millis(u64::from_be_bytes(ms))
    }
}

macro_rules! texts {
    ($id:ident, $prefix:literal, $kind:literal) => {
        impl fmt::Display for $id {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write(f, $prefix, self.0)
            }
        }

        impl FromStr for $id {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                let invalid = InvalidId { kind: $kind, prefix: $prefix };
                read(text, $prefix).map(Self).ok_or(invalid)
            }
        }
    };
}

texts!(EndpointId, "ep_", "endpoint");
texts!(EventId, "msg_", "event");
texts!(AttemptId, "att_", "attempt");

impl fmt::Display for InvalidId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, prefix } = self;
        write!(f, "the id of an {kind} is {prefix} and {DIGITS} digits and letters")
    }
}

impl std::error::Error for InvalidId {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_its_text_and_has_its_time() {
        let at = SystemTime::UNIX_EPOCH + Duration::from_millis(1_700_000_000_123);
        let id = EventId(new(at));
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!(id.published_at(), at);
        assert!(EventId(new(at + Duration::from_millis(1))) > id);
        let text = id.to_string();
        for wrong in ["", "msg_", &text[1..], &text[..text.len() - 1], "msg_ééééééééééé"]
        {
            assert!(wrong.parse::<EventId>().is_err(), "{wrong}");
        }
        assert!(text.parse::<AttemptId>().is_err());
    }
}
