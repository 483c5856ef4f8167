//! How a process makes and verifies tokens.

use std::{error, fmt, time::Duration};

use pgstead_store::{Clock, Lanes};

use crate::{KeyEncryptionKey, key::Algorithm};

/// How a process makes tokens, and how it [verifies](VerifierConfig) them.
#[derive(Clone, Debug)]
pub struct Config {
    /// What those who only verify configure as well.
    pub verifier: VerifierConfig,
    /// Opens the keys in the database.
    pub kek: KeyEncryptionKey,
    /// How access tokens are signed. Default: Ed25519.
    pub algorithm: Algorithm,
    /// How long an access token is good. 1 s to 24 h. Default: 10 minutes.
    pub access_ttl: Duration,
    /// How long a session lasts that is not used. At least [`access_ttl`](Self::access_ttl). Default:
    /// 30 days.
    pub idle_ttl: Duration,
    /// How long a session lasts at most. At least [`idle_ttl`](Self::idle_ttl), at most 366 days.
    /// Default: 90 days.
    pub absolute_ttl: Duration,
    /// How long after a refresh token was used it is answered with the same successor: a response
    /// may have been lost, or two tabs may have asked at once. Where PostgreSQL has not answered since,
    /// that long after it does again. Nothing is strict: a token that is used twice ends its session. At
    /// most 5 minutes. Default: 10 s.
    pub grace: Duration,
    /// How long what has happened is kept. 1 to 3650 days. Default: 30 days.
    pub keep_events: Duration,
    /// How long a call waits for PostgreSQL. Default: 5 s.
    pub patience: Duration,
    /// The lanes that calls are merged in.
    pub lanes: Lanes,
    /// Whether this process makes partitions and drops those that are over. One that may not create
    /// tables leaves it to others. Default: true.
    pub keeps_house: bool,
}

/// How a process verifies access tokens.
#[derive(Clone, Debug)]
pub struct VerifierConfig {
    /// Who signs (`iss`): a URL. Tokens of others are refused.
    pub issuer: String,
    /// For whom (`aud`): tokens are minted for it where no other is named, and those that are not for
    /// it are refused. None: whoever they are for. Default: none.
    pub audience: Option<String>,
    /// How long a token is taken that has expired: those who present it go by their own clocks, and it
    /// is on its way for a while. At most 60 s. Default: 10 s.
    pub leeway: Duration,
    /// How long a revocation may go unnoticed that no notification told of. 10 ms to 60 s. Default:
    /// 1 s.
    pub poll: Duration,
    /// After so long without word from PostgreSQL nobody is let in any more. At least twice
    /// [`poll`](Self::poll). None: what was known last counts. Default: none.
    pub max_staleness: Option<Duration>,
    /// How many tokens that were found good are remembered, so that their signature is not looked at
    /// again. Default: 10,000.
    pub remembered: usize,
    /// Where "now" comes from.
    pub clock: Clock,
}

/// What is wrong with a [`Config`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InvalidConfig {
    /// The field.
    pub field: &'static str,
    /// What it has to do.
    pub must: &'static str,
}

/// The longest grace.
pub(crate) const LONGEST_GRACE: Duration = Duration::from_mins(5);
/// The longest that a session can last.
pub(crate) const LONGEST_SESSION: Duration = days(366);

const fn days(days: u64) -> Duration {
    Duration::from_secs(days * 86_400)
}

impl Config {
    /// The defaults.
    #[must_use]
    pub fn new(issuer: impl Into<String>, kek: KeyEncryptionKey) -> Self {
        Self {
            verifier: VerifierConfig::new(issuer),
            kek,
            algorithm: Algorithm::default(),
            access_ttl: Duration::from_mins(10),
            idle_ttl: days(30),
            absolute_ttl: days(90),
            grace: Duration::from_secs(10),
            keep_events: days(30),
            patience: Duration::from_secs(5),
            lanes: Lanes::default(),
            keeps_house: true,
        }
    }

    /// Whether all is within its bounds.
    pub fn validate(&self) -> Result<(), InvalidConfig> {
        self.verifier.validate()?;
        let bounds = [
            (
                (Duration::from_secs(1)..=days(1)).contains(&self.access_ttl),
                "access_ttl",
                "be from 1 s to 24 h",
            ),
            (self.idle_ttl >= self.access_ttl, "idle_ttl", "be at least access_ttl"),
            (self.absolute_ttl >= self.idle_ttl, "absolute_ttl", "be at least idle_ttl"),
            (self.absolute_ttl <= LONGEST_SESSION, "absolute_ttl", "be at most 366 days"),
            (self.grace <= LONGEST_GRACE, "grace", "be at most 5 minutes"),
            (
                (days(1)..=days(3650)).contains(&self.keep_events),
                "keep_events",
                "be from 1 to 3650 days",
            ),
        ];
        check(&bounds)
    }
}

impl VerifierConfig {
    /// The defaults.
    #[must_use]
    pub fn new(issuer: impl Into<String>) -> Self {
        Self {
            issuer: issuer.into(),
            audience: None,
            leeway: Duration::from_secs(10),
            poll: Duration::from_secs(1),
            max_staleness: None,
            remembered: 10_000,
            clock: Clock::Database,
        }
    }

    /// Whether all is within its bounds.
    pub fn validate(&self) -> Result<(), InvalidConfig> {
        // RFC 8414 has more to say; a program on a laptop has no TLS.
        let is_url = ["https://", "http://"].iter().any(|scheme| {
            self.issuer.strip_prefix(scheme).is_some_and(|rest| {
                !rest.is_empty() && !rest.contains(['?', '#', ' ', '"', '\\']) && rest.is_ascii()
            })
        });
        let poll = self.poll;
        let bounds = [
            (is_url, "issuer", "be a URL without a query: \"https://auth.example.com\""),
            (
                (Duration::from_millis(10)..=Duration::from_mins(1)).contains(&poll),
                "poll",
                "be from 10 ms to 60 s",
            ),
            (self.leeway <= Duration::from_mins(1), "leeway", "be at most 60 s"),
            (
                self.max_staleness.is_none_or(|most| most >= 2 * poll),
                "max_staleness",
                "be at least twice the poll interval",
            ),
        ];
        check(&bounds)
    }
}

fn check(bounds: &[(bool, &'static str, &'static str)]) -> Result<(), InvalidConfig> {
    match bounds.iter().find(|(holds, ..)| !holds) {
        Some((_, field, must)) => Err(InvalidConfig { field, must }),
        None => Ok(()),
    }
}

impl fmt::Display for InvalidConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} must {}", self.field, self.must)
    }
}

impl error::Error for InvalidConfig {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_out_of_bounds_is_told() {
        let config = || Config::new("https://auth.example.com", KeyEncryptionKey::generate());
        config().validate().unwrap();
        let message = |change: fn(&mut Config)| {
            let mut config = config();
            change(&mut config);
            config.validate().unwrap_err().to_string()
        };
        assert_eq!(
            message(|c| c.access_ttl = Duration::ZERO),
            "access_ttl must be from 1 s to 24 h"
        );
        assert_eq!(
            message(|c| c.idle_ttl = Duration::ZERO),
            "idle_ttl must be at least access_ttl"
        );
        assert_eq!(
            message(|c| c.absolute_ttl = days(367)),
            "absolute_ttl must be at most 366 days"
        );
        assert_eq!(message(|c| c.grace = days(1)), "grace must be at most 5 minutes");
        for issuer in ["", "auth", "https://", "ftp://x", "https://x?y", "https://x y"] {
            let mut config = config();
            issuer.clone_into(&mut config.verifier.issuer);
            assert!(config.validate().is_err(), "{issuer}");
        }
    }
}
