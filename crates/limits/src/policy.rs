//! What is limited to how much.

use std::{fmt, num::NonZeroI64, str::FromStr, sync::Arc, time::Duration};

use jiff::tz::TimeZone;

use crate::{
    arithmetic::{Terms, Window},
    calendar::{Calendar, Period},
    lanes::Key,
    penalty::Penalty,
    top::By,
};

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
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PolicyConfig {
    /// How it is counted.
    pub algorithm: Algorithm,
    /// How much is granted per [`per`](Self::per), 1 to 10¹². A token bucket gives at most ten
    /// million a second.
    pub limit: u64,
    /// The time that the limit is for: 1 ms to 366 days. Of a permit, how long it lasts without a
    /// sign of life of its holder: 1 s to a day. A quota has a [`period`](Self::period) instead.
    pub per: Duration,
    /// Quota only, and there needed: the period of the calendar that the limit is for.
    pub period: Option<Period>,
    /// Quota only: the time zone whose calendar it is, by its IANA name. Default: `UTC`.
    pub zone: Option<String>,
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
    /// Whether a process may take more than is asked for, and grant it from memory. Default:
    /// [`Lease::Off`].
    pub lease: Lease,
    /// For how long a key that has been refused is blocked, the first time, the second and so on;
    /// after the last the last again. At most 8, each 1 ms to 366 days. A time as long as the last
    /// one that passes without another lockout makes one good. Default: none.
    pub lockout: Vec<Duration>,
    /// Whether what is refused counts as if it had been granted, up to twice the limit. Default:
    /// false.
    pub count_denied: bool,
    /// Whether the policy decides and reports, but never refuses. Default: false.
    pub shadow: bool,
}

/// Whether a process may take more than is asked for, and grant it from memory.
///
/// What is leased is out of PostgreSQL's hands: no two processes are granted the same, so a lease
/// never lets more through than the limit. A process that is killed takes with it what it had
/// leased, until the window ends or the bucket has refilled; and while one process holds a lease,
/// another may be refused what the first will not use. How much is leased follows the demand, is
/// an eighth of what is left at most, and is given back when it is not used for two seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Lease {
    /// Every check asks PostgreSQL: exact.
    #[default]
    Off,
    /// As much as is in demand.
    Auto,
}

/// How a policy counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Algorithm {
    /// A bucket of `burst` tokens that refills evenly, `limit` per `per` (GCRA, ITU-T I.371).
    TokenBucket,
    /// `limit` in a window of `per` that begins with the first grant; then a new one.
    FixedWindow,
    /// `limit` in a window of `per`, on which the count of the window before weighs less and less
    /// as it goes on: at its beginning wholly, at its end no more.
    SlidingWindow,
    /// `limit` in a day, a week or a month of the calendar of a time zone.
    Quota,
    /// `limit` permits at a time ([`Limits::acquire`](crate::Limits::acquire)).
    Concurrency,
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
    config: PolicyConfig,
    on_outage: OnOutage,
    calendar: Option<Calendar>,
    terms: Terms,
    penalty: Option<Arc<Penalty>>,
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
/// All permits of a key are one row, which is written as a whole.
const MOST_PERMITS: u64 = 10_000;
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
            period: None,
            zone: None,
            burst: None,
            durable: false,
            on_outage: None,
            timeout: Duration::from_secs(1),
            lease: Lease::Off,
            lockout: Vec::new(),
            count_denied: false,
            shadow: false,
        }
    }

    /// A quota with the defaults.
    #[must_use]
    pub fn quota(limit: u64, period: Period) -> Self {
        let config = Self::new(Algorithm::Quota, limit, period.usual_length());
        Self { period: Some(period), ..config }
    }

    /// The defaults, for a limit as people write it: with a time, or a quota with a period. The name
    /// is that of the policy that it is for.
    pub fn over(
        name: &str,
        algorithm: Algorithm,
        limit: u64,
        per: Option<Duration>,
        period: Option<Period>,
    ) -> Result<Self, InvalidPolicy> {
        let invalid = |field, must| Err(InvalidPolicy { policy: name.to_owned(), field, must });
        match (per, period) {
            (Some(_), Some(_)) => invalid("per", "not stand beside period"),
            (None, Some(period)) => Ok(Self { algorithm, ..Self::quota(limit, period) }),
            (Some(per), None) => Ok(Self::new(algorithm, limit, per)),
            (None, None) if algorithm == Algorithm::Quota => {
                invalid("period", "be given for a quota")
            }
            (None, None) => invalid("per", "be given"),
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
        if config.burst == Some(0) {
            return Err(invalid("burst", "be at least 1"));
        }
        if config.burst.is_some() && config.algorithm != Algorithm::TokenBucket {
            return Err(invalid("burst", "stand with a token bucket only"));
        }
        if config.lockout.len() > 8 {
            return Err(invalid("lockout", "have at most 8 steps"));
        }
        if !config.lockout.iter().all(|step| (Duration::from_millis(1)..=LONGEST).contains(step)) {
            return Err(invalid("lockout", "have steps of 1ms to 366d"));
        }
        let is_concurrency = config.algorithm == Algorithm::Concurrency;
        let counts_refusals = config.count_denied || !config.lockout.is_empty();
        if is_concurrency && counts_refusals {
            let field = if config.count_denied { "count_denied" } else { "lockout" };
            return Err(invalid(field, "not stand with permits"));
        }
        if config.lease == Lease::Auto && (config.durable || is_concurrency || counts_refusals) {
            let must = "be off for a policy that is durable, has permits, a lockout, or counts \
                        what it denies";
            return Err(invalid("lease", must));
        }
        let on_outage = config.on_outage.unwrap_or(if config.durable || is_concurrency {
            OnOutage::Deny
        } else {
            OnOutage::Local
        });
        if is_concurrency && on_outage == OnOutage::Local {
            return Err(invalid("on_outage", "be deny or allow for permits"));
        }
        let calendar = calendar(config).map_err(|(field, must)| invalid(field, must))?;
        let terms = terms(config).map_err(|(field, must)| invalid(field, must))?;
        let mut config = config.clone();
        config.per = config.period.map_or(config.per, Period::usual_length);
        Ok(Self {
            name: name.into(),
            on_outage,
            calendar,
            terms,
            penalty: counts_refusals
                .then(|| Arc::new(Penalty::new(config.count_denied, &config.lockout))),
            hash_key: blake3::derive_key("pgstead limits 2026 policy", name.as_bytes()),
            config,
        })
    }

    /// What it was made of.
    #[must_use]
    pub fn config(&self) -> &PolicyConfig {
        &self.config
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How it counts.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.config.algorithm
    }

    /// How much is granted per [`per`](Self::per).
    #[must_use]
    pub fn limit(&self) -> u64 {
        self.config.limit
    }

    /// The time that the limit is for, or that a permit lasts. Of a quota, how long its period
    /// usually is.
    #[must_use]
    pub fn per(&self) -> Duration {
        self.config.per
    }

    /// The period of the calendar that a quota is for.
    #[must_use]
    pub fn period(&self) -> Option<Period> {
        self.calendar.as_ref().map(Calendar::period)
    }

    /// The time zone of a quota's calendar, by its IANA name.
    #[must_use]
    pub fn zone(&self) -> Option<&str> {
        self.calendar.as_ref().map(Calendar::zone)
    }

    /// How much a key that has taken nothing can take at once: the burst of a token bucket, the
    /// limit of a window.
    #[must_use]
    pub fn capacity(&self) -> u64 {
        self.config.burst.unwrap_or(self.config.limit)
    }

    /// Whether what was taken survives a crash of PostgreSQL.
    #[must_use]
    pub fn is_durable(&self) -> bool {
        self.config.durable
    }

    /// What is decided when PostgreSQL does not answer in time.
    #[must_use]
    pub fn on_outage(&self) -> OnOutage {
        self.on_outage
    }

    /// How long a check may wait for PostgreSQL.
    #[must_use]
    pub fn timeout(&self) -> Duration {
        self.config.timeout
    }

    /// What stands for a key at rest: 128 bits, so that a billion keys meet in one with a chance of 10⁻²¹, and
    /// nobody can find two that do.
    pub(crate) fn key(&self, key: &str) -> Key {
        let hash = blake3::keyed_hash(&self.hash_key, key.as_bytes());
        let (half, _) = hash.as_bytes().split_at(size_of::<u128>());
        Key(u128::from_be_bytes(half.try_into().expect("it was split there")))
    }

    /// Whether a process may grant from memory what it has taken before.
    #[must_use]
    pub fn lease(&self) -> Lease {
        self.config.lease
    }

    /// For how long a refused key is blocked, the first time, the second, and so on.
    #[must_use]
    pub fn lockout(&self) -> &[Duration] {
        &self.config.lockout
    }

    /// Whether what is refused counts as if it had been granted.
    #[must_use]
    pub fn counts_denied(&self) -> bool {
        self.config.count_denied
    }

    /// Whether it decides and reports, but never refuses.
    #[must_use]
    pub fn is_shadow(&self) -> bool {
        self.config.shadow
    }

    /// What it comes to in numbers, at this time: a calendar's periods go by it. It may be wrong
    /// by up to a period.
    #[must_use]
    pub fn terms(&self, now_ns: i64) -> Terms {
        match &self.calendar {
            None => self.terms,
            Some(calendar) => {
                let window = Window::Calendar { ends_ns: calendar.ends_ns(now_ns) };
                Terms { window, ..self.terms }
            }
        }
    }

    /// What it comes to in numbers, for a key that has a state.
    pub(crate) fn timeless_terms(&self) -> &Terms {
        &self.terms
    }

    /// What follows on a refusal.
    pub(crate) fn penalty(&self) -> Option<&Arc<Penalty>> {
        self.penalty.as_ref()
    }

    /// What of it one process grants by itself: a tenth, at least 1. Of a quota, in a time as long
    /// as its period usually is.
    pub(crate) fn local_share(&self) -> Terms {
        let (limit, capacity) = ((self.limit() / 10).max(1), (self.capacity() / 10).max(1));
        match self.terms.window {
            // Slower than the whole, and no longer to refill.
            Window::Refill => bucket(limit, self.per(), capacity).unwrap_or(self.terms),
            Window::Calendar { .. } => counted(limit, Window::Fixed { length_ns: ns(self.per()) }),
            window => counted(limit, window),
        }
    }
}

/// Which calendar, if it is a quota.
fn calendar(config: &PolicyConfig) -> Result<Option<Calendar>, (&'static str, &'static str)> {
    match (config.algorithm, config.period) {
        (Algorithm::Quota, Some(period)) => {
            let zone = config.zone.as_deref().unwrap_or("UTC");
            let zone = TimeZone::get(zone)
                .map_err(|_unknown| ("zone", "be a time zone of the IANA database"))?;
            Ok(Some(Calendar::new(period, zone)))
        }
        (Algorithm::Quota, None) => Err(("period", "be given for a quota")),
        (_, Some(_)) => Err(("period", "stand with a quota only")),
        (_, None) if config.zone.is_some() => Err(("zone", "stand with a quota only")),
        (_, None) => Ok(None),
    }
}

fn terms(config: &PolicyConfig) -> Result<Terms, (&'static str, &'static str)> {
    let length_ns = ns(config.per);
    let window = match config.algorithm {
        Algorithm::TokenBucket => {
            let burst = config.burst.unwrap_or(config.limit);
            return bucket(config.limit, config.per, burst).map_err(|wrong| match wrong {
                Bucket::TooFast => ("limit", "be at most ten million a second for a token bucket"),
                Bucket::TooSlow => ("burst", "refill within 50 years"),
            });
        }
        Algorithm::FixedWindow => Window::Fixed { length_ns },
        Algorithm::SlidingWindow => Window::Sliding { length_ns },
        // Which these are depends on the time.
        Algorithm::Quota => Window::Calendar { ends_ns: [0, 0, length_ns] },
        Algorithm::Concurrency if config.limit > MOST_PERMITS => {
            return Err(("limit", "be at most 10000 for permits"));
        }
        Algorithm::Concurrency
            if !(Duration::from_secs(1)..=Duration::from_hours(24)).contains(&config.per) =>
        {
            return Err(("per", "be 1s to 24h for permits"));
        }
        Algorithm::Concurrency => Window::Permits { ttl_ns: length_ns },
    };
    Ok(counted(config.limit, window))
}

/// Why numbers make no bucket.
enum Bucket {
    TooFast,
    TooSlow,
}

fn bucket(limit: u64, per: Duration, burst: u64) -> Result<Terms, Bucket> {
    let unit = interval_ns(limit, per).ok_or(Bucket::TooFast)?;
    let terms = Terms { unit, capacity: 0, window: Window::Refill };
    match terms.units(burst) {
        capacity if capacity > LONGEST_REFILL_NS => Err(Bucket::TooSlow),
        capacity => Ok(Terms { capacity, ..terms }),
    }
}

fn counted(limit: u64, window: Window) -> Terms {
    Terms { unit: ONE, capacity: i64::try_from(limit).unwrap_or(i64::MAX), window }
}

/// The time in which one token refills, rounded up so that never more than the limit is given.
fn interval_ns(limit: u64, per: Duration) -> Option<NonZeroI64> {
    let interval = ns(per).unsigned_abs().div_ceil(limit);
    let interval = i64::try_from(interval).ok().filter(|ns| *ns >= SHORTEST_INTERVAL_NS)?;
    NonZeroI64::new(interval)
}

pub(crate) fn ns(duration: Duration) -> i64 {
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

/// A kind of thing that there are few of, each with its word.
pub trait Word: Copy + fmt::Display + FromStr<Err = UnknownWord> + Send + Sync + 'static {
    /// All there are.
    const ALL: &'static [Self];
}

/// A word that stands for nothing here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownWord {
    word: String,
    known: Vec<&'static str>,
}

impl fmt::Display for UnknownWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { word, known } = self;
        write!(f, "unknown word {word:?}; there are {}", known.join(", "))
    }
}

impl std::error::Error for UnknownWord {}

/// An enum and the words that stand for it, in a configuration, in SQL and in JSON.
macro_rules! words {
    ($kind:ident: $($variant:ident = $word:literal),+ $(,)?) => {
        impl Word for $kind {
            const ALL: &'static [Self] = &[$(Self::$variant),+];
        }

        impl fmt::Display for $kind {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self {
                    $(Self::$variant => $word),+
                })
            }
        }

        impl FromStr for $kind {
            type Err = UnknownWord;

            fn from_str(word: &str) -> Result<Self, UnknownWord> {
                match word {
                    $($word => Ok(Self::$variant),)+
                    _ => Err(UnknownWord { word: word.to_owned(), known: vec![$($word),+] }),
                }
            }
        }
    };
}

words!(Algorithm:
    TokenBucket = "token-bucket",
    FixedWindow = "fixed-window",
    SlidingWindow = "sliding-window",
    Quota = "quota",
    Concurrency = "concurrency",
);
words!(OnOutage: Deny = "deny", Allow = "allow", Local = "local");
words!(Lease: Off = "off", Auto = "auto");
words!(By: Calls = "calls", Refusals = "refusals");
words!(Period: Day = "day", Week = "week", Month = "month");

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
        check("api", &|config| config.algorithm = Algorithm::Quota);
        check("api", &|config| {
            *config = PolicyConfig::quota(5, Period::Day);
            config.zone = Some("Mars/Olympus".to_owned());
        });
        check("api", &|config| {
            config.algorithm = Algorithm::Concurrency;
            config.limit = 10_001;
        });
        check("api", &|config| (config.durable, config.lease) = (true, Lease::Auto));
        check("api", &|config| config.lockout = vec![Duration::ZERO]);
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
                "limits.api: period must be given for a quota",
                "limits.api: zone must be a time zone of the IANA database",
                "limits.api: limit must be at most 10000 for permits",
                "limits.api: lease must be off for a policy that is durable, has permits, a \
                 lockout, or counts what it denies",
                "limits.api: lockout must have steps of 1ms to 366d",
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
