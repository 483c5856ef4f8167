//! What is limited to how much.

use std::{fmt, num::NonZeroI64, time::Duration};

use crate::{arithmetic::Terms, lanes::Key};

/// A policy as it is configured; [`Policy::new`] checks it.
///
/// ```
/// use std::time::Duration;
/// use pgstead_limits::{Algorithm, Policy, PolicyConfig};
///
/// let mut config = PolicyConfig::new(Algorithm::TokenBucket, 100, Duration::from_secs(60));
/// config.burst = Some(20);
/// let policy = Policy::new("api", &config).unwrap();
/// assert_eq!(policy.capacity(), 20);
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PolicyConfig {
    /// How it is counted.
    pub algorithm: Algorithm,
    /// How much is granted per [`per`](Self::per), 1 to 10¹². A token bucket gives at most ten
    /// million a second.
    pub limit: u64,
    /// The time that the limit is for: 1 ms to 366 days.
    pub per: Duration,
    /// Token bucket only: how much can be taken at once, 1 to what refills in 50 years.
    /// Default: the limit.
    pub burst: Option<u64>,
    /// Whether what was taken survives a crash of PostgreSQL. It costs an fsync, shared by all
    /// that wait. Default: false.
    pub durable: bool,
    /// What is decided when PostgreSQL does not answer in time. Default: [`OnOutage::Deny`] when
    /// durable, else [`OnOutage::Local`].
    pub on_outage: Option<OnOutage>,
    /// How long a check may wait for PostgreSQL, 10 ms to 60 s. Default: 1 s.
    pub timeout: Duration,
}

/// How a policy counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Algorithm {
    /// A bucket of `burst` tokens that refills evenly, `limit` per `per` (GCRA, ITU-T I.371).
    TokenBucket,
    /// `limit` in a window of `per` that begins with the first grant; then a new one.
    FixedWindow,
}

/// What is decided when PostgreSQL does not answer in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OnOutage {
    /// Refuse.
    Deny,
    /// Grant.
    Allow,
    /// Grant a tenth of the limit, at least 1, in each process, from memory.
    Local,
}

/// A checked policy.
#[derive(Clone, Debug)]
pub struct Policy {
    name: Box<str>,
    algorithm: Algorithm,
    limit: u64,
    per: Duration,
    capacity: u64,
    durable: bool,
    on_outage: OnOutage,
    timeout: Duration,
    terms: Terms,
    hash_key: [u8; blake3::KEY_LEN],
}

/// Why a policy is none.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InvalidPolicy {
    /// The policy's name.
    pub policy: String,
    /// The field that is wrong.
    pub field: &'static str,
    /// What it has to be.
    pub must: &'static str,
}

const ONE: NonZeroI64 = NonZeroI64::new(1).expect("1 is not 0");
const MOST: u64 = 1_000_000_000_000;
const LONGEST: Duration = Duration::from_hours(8784);
/// Half a century in ns: with today's date it leaves a bigint room.
const LONGEST_REFILL_NS: i64 = 50 * 365 * 24 * 60 * 60 * 1_000_000_000;
/// Rounded up to whole nanoseconds, such an interval is off by less than one percent.
const SHORTEST_INTERVAL_NS: i64 = 100;

impl PolicyConfig {
    /// The defaults, for a limit.
    #[must_use]
    pub fn new(algorithm: Algorithm, limit: u64, per: Duration) -> Self {
        Self {
            algorithm,
            limit,
            per,
            burst: None,
            durable: false,
            on_outage: None,
            timeout: Duration::from_secs(1),
        }
    }
}

impl Policy {
    /// Checks the configuration. A name is of 1 to 64 lower-case letters, digits, `-`, `_` and
    /// `.`, the first a letter or digit.
    pub fn new(name: &str, config: &PolicyConfig) -> Result<Self, InvalidPolicy> {
        let invalid = |field, must| InvalidPolicy { policy: name.to_owned(), field, must };
        if !is_name(name) {
            let must = "be 1 to 64 of a-z, 0-9, '-', '_' and '.', beginning with a letter or digit";
            return Err(invalid("name", must));
        }
        if !(1..=MOST).contains(&config.limit) {
            return Err(invalid("limit", "be 1 to 1000000000000"));
        }
        if !(Duration::from_millis(1)..=LONGEST).contains(&config.per) {
            return Err(invalid("per", "be 1ms to 366d"));
        }
        if !(Duration::from_millis(10)..=Duration::from_mins(1)).contains(&config.timeout) {
            return Err(invalid("timeout", "be 10ms to 60s"));
        }
        let capacity = config.burst.unwrap_or(config.limit);
        if capacity == 0 {
            return Err(invalid("burst", "be at least 1"));
        }
        let terms = match config.algorithm {
            Algorithm::TokenBucket => {
                bucket(config.limit, config.per, capacity).map_err(|wrong| match wrong {
                    Bucket::TooFast => {
                        invalid("limit", "be at most ten million a second for a token bucket")
                    }
                    Bucket::TooSlow => invalid("burst", "refill within 50 years"),
                })?
            }
            Algorithm::FixedWindow if config.burst.is_some() => {
                return Err(invalid("burst", "stand with a token bucket only"));
            }
            Algorithm::FixedWindow => window(config.limit, config.per),
        };
        Ok(Self {
            name: name.into(),
            algorithm: config.algorithm,
            limit: config.limit,
            per: config.per,
            capacity,
            durable: config.durable,
            on_outage: config.on_outage.unwrap_or(if config.durable {
                OnOutage::Deny
            } else {
                OnOutage::Local
            }),
            timeout: config.timeout,
            terms,
            hash_key: blake3::derive_key("pgstead limits 2026 policy", name.as_bytes()),
        })
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How it counts.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// How much is granted per [`per`](Self::per).
    #[must_use]
    pub fn limit(&self) -> u64 {
        self.limit
    }

    /// The time that the limit is for.
    #[must_use]
    pub fn per(&self) -> Duration {
        self.per
    }

    /// How much a key that has taken nothing can take at once: the burst of a token bucket, the
    /// limit of a window.
    #[must_use]
    pub fn capacity(&self) -> u64 {
        self.capacity
    }

    /// Whether what was taken survives a crash of PostgreSQL.
    #[must_use]
    pub fn is_durable(&self) -> bool {
        self.durable
    }

    /// What is decided when PostgreSQL does not answer in time.
    #[must_use]
    pub fn on_outage(&self) -> OnOutage {
        self.on_outage
    }

    /// How long a check may wait for PostgreSQL.
    #[must_use]
    pub fn timeout(&self) -> Duration {
        self.timeout
    }

    /// What stands for a key at rest: 128 bits, so that a billion keys meet in one with a chance of 10⁻²¹, and
    /// nobody can find two that do.
    pub(crate) fn key(&self, key: &str) -> Key {
        let hash = blake3::keyed_hash(&self.hash_key, key.as_bytes());
        let (half, _) = hash.as_bytes().split_at(size_of::<u128>());
        Key(u128::from_be_bytes(half.try_into().expect("it was split there")))
    }

    /// What it comes to in numbers.
    #[must_use]
    pub fn terms(&self) -> &Terms {
        &self.terms
    }

    /// What of it one process grants by itself: a tenth, at least 1.
    pub(crate) fn local_share(&self) -> Self {
        let (limit, capacity) = ((self.limit / 10).max(1), (self.capacity / 10).max(1));
        let terms = match self.algorithm {
            // Slower than the whole, and no longer to refill.
            Algorithm::TokenBucket => bucket(limit, self.per, capacity).unwrap_or(self.terms),
            Algorithm::FixedWindow => window(limit, self.per),
        };
        Self { limit, capacity, terms, ..self.clone() }
    }
}

/// Why numbers make no bucket.
enum Bucket {
    TooFast,
    TooSlow,
}

fn bucket(limit: u64, per: Duration, burst: u64) -> Result<Terms, Bucket> {
    let unit = interval_ns(limit, per).ok_or(Bucket::TooFast)?;
    let terms = Terms { unit, capacity: 0, window_ns: None };
    match terms.units(burst) {
        capacity if capacity > LONGEST_REFILL_NS => Err(Bucket::TooSlow),
        capacity => Ok(Terms { capacity, ..terms }),
    }
}

fn window(limit: u64, per: Duration) -> Terms {
    let capacity = i64::try_from(limit).unwrap_or(i64::MAX);
    Terms { unit: ONE, capacity, window_ns: Some(ns(per)) }
}

/// The time in which one token refills, rounded up so that never more than the limit is given.
fn interval_ns(limit: u64, per: Duration) -> Option<NonZeroI64> {
    let interval = ns(per).unsigned_abs().div_ceil(limit);
    let interval = i64::try_from(interval).ok().filter(|ns| *ns >= SHORTEST_INTERVAL_NS)?;
    NonZeroI64::new(interval)
}

fn ns(duration: Duration) -> i64 {
    i64::try_from(duration.as_nanos()).unwrap_or(i64::MAX)
}

fn is_name(name: &str) -> bool {
    let letter_or_digit = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    (1..=64).contains(&name.len())
        && name.starts_with(letter_or_digit)
        && name.chars().all(|c| letter_or_digit(c) || matches!(c, '-' | '_' | '.'))
}

impl fmt::Display for InvalidPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { policy, field, must } = self;
        write!(f, "limits.{policy}: {field} must {must}")
    }
}

impl std::error::Error for InvalidPolicy {}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TokenBucket => "token-bucket",
            Self::FixedWindow => "fixed-window",
        })
    }
}

impl fmt::Display for OnOutage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Deny => "deny",
            Self::Allow => "allow",
            Self::Local => "local",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_mins(1);

    fn bucket(limit: u64, per: Duration) -> PolicyConfig {
        PolicyConfig::new(Algorithm::TokenBucket, limit, per)
    }

    #[test]
    fn defaults_follow_the_storage() {
        let mut config = bucket(100, MINUTE);
        let fast = Policy::new("api", &config).unwrap();
        assert_eq!((fast.capacity(), fast.on_outage()), (100, OnOutage::Local));
        config.durable = true;
        assert_eq!(Policy::new("api", &config).unwrap().on_outage(), OnOutage::Deny);
    }

    #[test]
    fn an_interval_is_rounded_up() {
        assert_eq!(interval_ns(100, MINUTE), NonZeroI64::new(600_000_000));
        assert_eq!(interval_ns(7, Duration::from_secs(1)), NonZeroI64::new(142_857_143));
        assert_eq!(interval_ns(10_200_000, Duration::from_secs(1)), None);
    }

    #[test]
    fn what_is_wrong_is_named() {
        let mut shown = Vec::new();
        let mut check = |name: &str, change: &dyn Fn(&mut PolicyConfig)| {
            let mut config = bucket(100, MINUTE);
            change(&mut config);
            shown.push(Policy::new(name, &config).unwrap_err().to_string());
        };
        check("Api", &|_| ());
        check("api", &|config| config.limit = 0);
        check("api", &|config| config.per = Duration::ZERO);
        check("api", &|config| config.burst = Some(0));
        check("api", &|config| config.burst = Some(MOST));
        check("api", &|config| config.timeout = Duration::from_millis(9));
        check("api", &|config| config.limit = MOST);
        check("api", &|config| {
            config.algorithm = Algorithm::FixedWindow;
            config.burst = Some(5);
        });
        assert_eq!(
            shown,
            [
                "limits.Api: name must be 1 to 64 of a-z, 0-9, '-', '_' and '.', \
                 beginning with a letter or digit",
                "limits.api: limit must be 1 to 1000000000000",
                "limits.api: per must be 1ms to 366d",
                "limits.api: burst must be at least 1",
                "limits.api: burst must refill within 50 years",
                "limits.api: timeout must be 10ms to 60s",
                "limits.api: limit must be at most ten million a second for a token bucket",
                "limits.api: burst must stand with a token bucket only",
            ]
        );
    }

    #[test]
    fn what_is_at_rest_depends_on_policy_and_key_and_stays() {
        let policy = |name| Policy::new(name, &bucket(1, MINUTE)).unwrap();
        // At rest in databases: another value here loses everybody's state.
        assert_eq!(policy("api").key("user:42"), AT_REST);
        assert_ne!(policy("api").key("user:43"), AT_REST);
        assert_ne!(policy("ap").key("iuser:42"), AT_REST);
    }

    const AT_REST: Key = Key(0x3b06_4e4c_be93_4e59_29d2_69fc_9258_d8a8);
}
