//! How webhooks are sent.

use std::{fmt, sync::Arc, time::Duration};

use ipnet::IpNet;
use pgstead_queue::{Backoff, Options};

use crate::guard::{Resolve, SystemResolver};

/// The queue that deliveries are jobs of.
pub const QUEUE: &str = "webhooks";

/// How webhooks are sent.
///
/// When those that failed are tried again, how often, and how many are sent at once is said by the
/// [`Options`] of the queue [`QUEUE`]: [`options`] has the defaults.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Config {
    /// The largest payload, in bytes of JSON. 1 byte to 16 MiB. Default: 256 KiB.
    pub largest_payload: usize,
    /// How long a request may take, from its beginning to the end of the response's body. 100 ms to 5 min.
    /// Default: 15 s.
    pub deadline: Duration,
    /// Whether endpoints have to be reached by TLS. Default: no.
    pub https_only: bool,
    /// Networks that are sent to although they are private. Default: none.
    pub allow: Vec<IpNet>,
    /// What finds the addresses of names. Default: the system's resolver.
    pub resolver: Arc<dyn Resolve>,
    /// After how many days of failures, without one success, an endpoint is disabled. 1 h to 366 days.
    /// Default: 5 days.
    pub disable_after: Duration,
    /// How long the secret before goes on to sign when another one follows, unless that is said. At most 30
    /// days. Default: 24 h.
    pub overlap: Duration,
    /// How long events, deliveries and attempts are kept. 4 to 3660 days. Default: 30 days.
    pub keep: Duration,
    /// When an endpoint that fails is left alone for a while.
    pub breaker: Breaker,
    /// How long what asks PostgreSQL waits for it. 1 ms to an hour. Default: 10 s.
    pub patience: Duration,
    /// Whether a process makes and drops partitions while it delivers. Default: yes.
    pub keeps_house: bool,
}

/// When an endpoint that fails is left alone for a while: by a process, not over all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Breaker {
    /// After so many failures one after another. 1 to 1000. Default: 5.
    pub failures: u32,
    /// For so long, doubled with each probe that fails. 1 ms to an hour. Default: 10 s.
    pub pause: Duration,
    /// And never longer. At most 24 h. Default: 5 min.
    pub longest_pause: Duration,
}

/// It cannot be like that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidConfig {
    /// The field.
    pub setting: &'static str,
    /// What it must be.
    pub must: &'static str,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            largest_payload: 256 * 1024,
            deadline: Duration::from_secs(15),
            https_only: false,
            allow: Vec::new(),
            resolver: Arc::new(SystemResolver),
            disable_after: Duration::from_hours(5 * 24),
            overlap: Duration::from_hours(24),
            keep: Duration::from_hours(30 * 24),
            breaker: Breaker::default(),
            patience: Duration::from_secs(10),
            keeps_house: true,
        }
    }
}

impl Default for Breaker {
    fn default() -> Self {
        Self { failures: 5, pause: Duration::from_secs(10), longest_pause: Duration::from_mins(5) }
    }
}

/// How the queue of deliveries is worked at, unless it is configured: 256 at once, and ten attempts, after
/// 5 s, 5 min, 30 min, and 2, 5, 10, 14, 20 and 24 h, of each of which a tenth is chance.
#[must_use]
pub fn options() -> Options {
    let (s, m, h) = (Duration::from_secs, Duration::from_mins, Duration::from_hours);
    let mut options = Options::default();
    options.concurrency = 256;
    options.max_attempts = 10;
    options.backoff =
        Backoff::List([s(5), m(5), m(30), h(2), h(5), h(10), h(14), h(20), h(24)].into());
    options.stop_within = Duration::from_secs(5);
    options
}

impl Config {
    /// Whether every field is within its bounds.
    pub fn validate(&self) -> Result<(), InvalidConfig> {
        let ms = Duration::from_millis;
        let days = |days: u64| Duration::from_hours(24 * days);
        check(
            (1..=16 * 1024 * 1024).contains(&self.largest_payload),
            "largest_payload",
            "1 byte to 16 MiB",
        )?;
        let deadline = ms(100)..=Duration::from_mins(5);
        check(deadline.contains(&self.deadline), "deadline", "100 ms to 5 min")?;
        let disable = Duration::from_hours(1)..=days(366);
        check(disable.contains(&self.disable_after), "disable_after", "1 h to 366 days")?;
        check(self.overlap <= days(30), "overlap", "at most 30 days")?;
        check((days(4)..=days(3660)).contains(&self.keep), "keep", "4 to 3660 days")?;
        check((1..=1000).contains(&self.breaker.failures), "breaker.failures", "1 to 1000")?;
        let pause = ms(1)..=Duration::from_hours(1);
        check(pause.contains(&self.breaker.pause), "breaker.pause", "1 ms to 1 h")?;
        let longest = self.breaker.pause..=days(1);
        check(
            longest.contains(&self.breaker.longest_pause),
            "breaker.longest_pause",
            "at least breaker.pause and at most 24 h",
        )?;
        let patience = ms(1)..=Duration::from_hours(1);
        check(patience.contains(&self.patience), "patience", "1 ms to 1 h")
    }
}

fn check(is_so: bool, setting: &'static str, must: &'static str) -> Result<(), InvalidConfig> {
    if is_so { Ok(()) } else { Err(InvalidConfig { setting, must }) }
}

impl fmt::Display for InvalidConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} must be {}", self.setting, self.must)
    }
}

impl std::error::Error for InvalidConfig {}
