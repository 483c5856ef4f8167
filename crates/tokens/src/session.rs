//! What a session is, and what its id says.

use std::{fmt, net::IpAddr, str::FromStr, time::Duration};

use pgstead_store::{Result, tokio_postgres::Row};
use uuid::Uuid;

use crate::claims::{Grant, InvalidGrant};

/// Names a session: a UUID (version 8, RFC 9562) that begins with when the session ends at the
/// latest. No secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionId(pub(crate) Uuid);

/// A text that is no id of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidSessionId;

/// What it began on, as far as that is known. Each has 500 bytes at most; more are cut off.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Device {
    /// What people call it: "Ada's laptop".
    pub label: Option<String>,
    /// The `User-Agent` of its client.
    pub user_agent: Option<String>,
    /// Where it came from.
    pub address: Option<IpAddr>,
}

/// A session to begin: whose, and what its access tokens are to say.
#[derive(Clone, Debug, PartialEq)]
pub struct NewSession {
    pub(crate) user: Box<str>,
    pub(crate) tenant: Option<Box<str>>,
    pub(crate) grant: Option<Box<str>>,
    pub(crate) device: Device,
}

/// A session that lives.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Session {
    /// Its name.
    pub id: SessionId,
    /// Whose it is.
    pub user: String,
    /// Of which tenant.
    pub tenant: Option<String>,
    /// What its access tokens say beside.
    pub grant: Grant,
    /// What it began on.
    pub device: Device,
    /// When it began, since 1970, as all of these.
    pub created_at: Duration,
    /// When its refresh token was last used, or it began.
    pub used_at: Duration,
    /// When it ends if that is not used again.
    pub idle_until: Duration,
    /// When it ends at the latest.
    pub expires_at: Duration,
}

/// The most bytes of a user's or a tenant's name.
pub const LONGEST_NAME: usize = 256;
/// The most bytes of what is known of a device.
const LONGEST_WORD: usize = 500;

/// Half of an id is random.
pub(crate) const RANDOM_BYTES: usize = 10;
const DAY_NS: i64 = 86_400_000_000_000;
/// A day in 2³² of them.
const UNIT_NS: i64 = 20_117;

impl SessionId {
    /// The part of a new one that is random, with the version and the variant of RFC 9562.
    pub(crate) fn random_part() -> [u8; RANDOM_BYTES] {
        let mut random = [0; RANDOM_BYTES];
        getrandom::fill(&mut random).expect("the system has randomness");
        random[0] = random[0] & 0x0f | 0x80;
        random[2] = random[2] & 0x3f | 0x80;
        random
    }

    /// One that says nothing of when it ends, for sessions that are kept elsewhere.
    #[must_use]
    pub fn random() -> Self {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).expect("the system has randomness");
        Self(Uuid::from_bytes(bytes))
    }

    /// When it ended or will end at the latest, in ns since 1970.
    pub(crate) fn expires_at_ns(self) -> i64 {
        let bytes = self.0.as_bytes();
        let day = i64::from(u16::from_be_bytes([bytes[0], bytes[1]]));
        let units = u32::from_be_bytes([bytes[2], bytes[3], bytes[4], bytes[5]]);
        day * DAY_NS + (i64::from(units) + 1) * UNIT_NS
    }
}

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for SessionId {
    type Err = InvalidSessionId;

    fn from_str(text: &str) -> Result<Self, InvalidSessionId> {
        Uuid::try_parse(text).map(Self).map_err(|_| InvalidSessionId)
    }
}

impl fmt::Display for InvalidSessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the id of a session is a UUID")
    }
}

impl std::error::Error for InvalidSessionId {}

impl NewSession {
    /// One of that user. A name has 1 to [`LONGEST_NAME`] bytes, and no control characters.
    pub fn new(user: &str) -> Result<Self, InvalidGrant> {
        check_name("user", user)?;
        Ok(Self { user: user.into(), tenant: None, grant: None, device: Device::default() })
    }

    /// Of that tenant: they can be revoked together.
    pub fn tenant(mut self, tenant: &str) -> Result<Self, InvalidGrant> {
        check_name("tenant", tenant)?;
        self.tenant = Some(tenant.into());
        Ok(self)
    }

    /// Whose access tokens say this.
    pub fn grant(mut self, grant: &Grant) -> Result<Self, InvalidGrant> {
        self.grant = grant.to_stored()?.map(Into::into);
        Ok(self)
    }

    /// That began on this.
    #[must_use]
    pub fn device(mut self, mut device: Device) -> Self {
        let words = [&mut device.label, &mut device.user_agent];
        for word in words.into_iter().flatten() {
            word.truncate(word.floor_char_boundary(LONGEST_WORD));
            // PostgreSQL's text has none.
            word.retain(|c| c != '\0');
        }
        self.device = device;
        self
    }
}

/// A name can be shown on a line, and is not too long for an index.
pub(crate) fn check_name(field: &'static str, name: &str) -> Result<(), InvalidGrant> {
    if name.is_empty() || name.len() > LONGEST_NAME {
        return Err(InvalidGrant::new(field, "have 1 to 256 bytes"));
    }
    if name.chars().any(char::is_control) {
        return Err(InvalidGrant::new(field, "have no control characters"));
    }
    Ok(())
}

impl Session {
    /// From a row of `list.sql` or, without the device, of `classify.sql`.
    pub(crate) fn read(row: &Row) -> Result<Self> {
        let at = |index| -> Result<Duration> { Ok(since_epoch(row.try_get(index)?)) };
        let grant: Option<&str> = row.try_get(4)?;
        let device = if row.len() > 12 {
            let address: Option<&str> = row.try_get(14)?;
            Device {
                label: row.try_get(12)?,
                user_agent: row.try_get(13)?,
                address: address.and_then(|address| address.parse().ok()),
            }
        } else {
            Device::default()
        };
        Ok(Self {
            id: SessionId(row.try_get(0)?),
            user: row.try_get(2)?,
            tenant: row.try_get(3)?,
            grant: grant.map(Grant::from_stored).unwrap_or_default(),
            device,
            created_at: at(11)?,
            used_at: at(8)?,
            idle_until: at(9)?,
            expires_at: at(6)?,
        })
    }
}

pub(crate) fn since_epoch(ns: i64) -> Duration {
    Duration::from_nanos(ns.max(0).unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_says_when_it_ends() {
        let mut bytes = [0; 16];
        bytes[6..].copy_from_slice(&SessionId::random_part());
        let ends_at_ns: i64 = 1_700_000_000_123_456_789;
        let day = u16::try_from(ends_at_ns / DAY_NS).unwrap();
        bytes[..2].copy_from_slice(&day.to_be_bytes());
        let units = u32::try_from(ends_at_ns % DAY_NS / UNIT_NS).unwrap();
        bytes[2..6].copy_from_slice(&units.to_be_bytes());
        let id = SessionId(Uuid::from_bytes(bytes));
        let said = id.expires_at_ns();
        assert!(said > ends_at_ns && said - ends_at_ns <= UNIT_NS, "{said}");
        assert_eq!(id.0.get_version_num(), 8);
        assert_eq!(id.0.get_variant(), uuid::Variant::RFC4122);
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!("x".parse::<SessionId>(), Err(InvalidSessionId));
    }

    #[test]
    fn a_name_fits_on_a_line() {
        for wrong in ["", "a\nb", &"x".repeat(257)] {
            assert!(NewSession::new(wrong).is_err(), "{wrong}");
            assert!(NewSession::new("u").unwrap().tenant(wrong).is_err(), "{wrong}");
        }
    }
}
