//! The keys of a policy, in the configuration and as options of the command line.

use std::time::Duration;

use anyhow::Result;
use clap::{
    Args,
    builder::{PossibleValuesParser, TypedValueParser},
};
use humantime::parse_duration;
use pgstead_limits::{Algorithm, Lease, OnOutage, Period, Policy, PolicyConfig, Word};
use pgstead_server::{RESERVED_NAMES, optional_word, word};
use serde::{Deserialize, Deserializer, de};

use crate::output::Wrong;

/// `[limits.<name>]`, and the options of `limits put`.
#[derive(Args, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PolicyKeys {
    /// How it counts
    #[arg(long, value_parser = one_of::<Algorithm>())]
    #[serde(deserialize_with = "word")]
    algorithm: Algorithm,
    /// How much is granted in that time, or how many permits are out at once
    #[arg(long)]
    limit: u64,
    /// The time that the limit is for, such as 1m; of a permit, how long it lasts unless renewed
    #[arg(long, value_parser = parse_duration)]
    #[serde(default, deserialize_with = "optional_duration")]
    per: Option<Duration>,
    /// Quota only, instead of --per: the period of the calendar
    #[arg(long, value_parser = one_of::<Period>())]
    #[serde(default, deserialize_with = "optional_word")]
    period: Option<Period>,
    /// Quota only: the time zone of the calendar, such as Europe/Berlin [default: UTC]
    #[arg(long)]
    zone: Option<String>,
    /// Token bucket only: how much can be taken at once [default: the limit]
    #[arg(long)]
    burst: Option<u64>,
    /// What was taken survives a crash of PostgreSQL
    #[arg(long)]
    #[serde(default)]
    durable: bool,
    /// What is decided when PostgreSQL does not answer [default: deny if durable or of permits,
    /// else local]
    #[arg(long, value_parser = one_of::<OnOutage>())]
    #[serde(default, deserialize_with = "optional_word")]
    on_outage: Option<OnOutage>,
    /// How long a check may wait for PostgreSQL [default: 1s]
    #[arg(long, value_parser = parse_duration)]
    #[serde(default, deserialize_with = "optional_duration")]
    timeout: Option<Duration>,
    /// Whether a process may take more than is asked for, and grant it from memory [default: off]
    #[arg(long, value_parser = one_of::<Lease>())]
    #[serde(default, deserialize_with = "optional_word")]
    lease: Option<Lease>,
    /// For how long a refused key is blocked, the first time, the second and so on: 15m,1h,24h
    #[arg(long, value_parser = parse_duration, value_delimiter = ',')]
    #[serde(default, deserialize_with = "durations")]
    lockout: Vec<Duration>,
    /// What is refused counts as if it had been granted
    #[arg(long)]
    #[serde(default)]
    count_denied: bool,
    /// Decide and report, but never refuse
    #[arg(long)]
    #[serde(default)]
    shadow: bool,
}

/// The keys: in the environment the policy's name stands before them, and may itself have a `_`.
pub(crate) const KEYS: [&str; 13] = [
    "algorithm",
    "limit",
    "per",
    "period",
    "zone",
    "burst",
    "durable",
    "on_outage",
    "timeout",
    "lease",
    "lockout",
    "count_denied",
    "shadow",
];
/// Those that are lists.
pub(crate) const LISTS: [&str; 1] = ["lockout"];

impl PolicyKeys {
    /// The policy, checked.
    pub(crate) fn policy(&self, name: &str) -> Result<Policy> {
        if RESERVED_NAMES.contains(&name) {
            let taken = RESERVED_NAMES.join(", ");
            return Err(Wrong(format!("limits.{name}: name must not be one of {taken}")).into());
        }
        let mut config =
            PolicyConfig::over(name, self.algorithm, self.limit, self.per, self.period)?;
        config.zone.clone_from(&self.zone);
        config.burst = self.burst;
        config.durable = self.durable;
        config.on_outage = self.on_outage;
        config.timeout = self.timeout.unwrap_or(config.timeout);
        config.lease = self.lease.unwrap_or(config.lease);
        config.lockout.clone_from(&self.lockout);
        config.count_denied = self.count_denied;
        config.shadow = self.shadow;
        Ok(Policy::new(name, &config)?)
    }
}

/// An option that is one of the words of its kind.
pub(crate) fn one_of<T: Word>() -> impl TypedValueParser<Value = T> {
    let words = T::ALL.iter().map(ToString::to_string);
    PossibleValuesParser::new(words).try_map(|word| word.parse::<T>())
}

/// A duration of the configuration.
pub(crate) fn optional_duration<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Duration>, D::Error> {
    duration(&String::deserialize(deserializer)?).map(Some)
}

fn durations<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Duration>, D::Error> {
    Vec::<String>::deserialize(deserializer)?.iter().map(|text| duration(text)).collect()
}

/// The same, of text.
pub(crate) fn duration<E: de::Error>(text: &str) -> Result<Duration, E> {
    parse_duration(text).map_err(|_| {
        E::custom(format!("{text:?} is no duration; write for example \"10s\" or \"1m\""))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(text: &str) -> Result<Policy, String> {
        let keys: PolicyKeys = toml::from_str(text).map_err(|error| error.message().to_owned())?;
        keys.policy("a").map_err(|error| error.to_string())
    }

    #[test]
    fn every_key_of_a_limit_is_known_to_the_environment() {
        let all = r#"
            algorithm = "token-bucket"
            limit = 1
            per = "1m"
            period = "day"
            zone = "UTC"
            burst = 1
            durable = true
            on_outage = "deny"
            timeout = "1s"
            lease = "off"
            lockout = ["1m"]
            count_denied = true
            shadow = true
        "#;
        let table: toml::Table = toml::from_str(all).unwrap();
        assert!(KEYS.iter().all(|key| table.contains_key(*key)));
        assert_eq!(table.len(), KEYS.len());
        assert!(LISTS.iter().all(|key| table[*key].is_array()));
        assert_eq!(table.values().filter(|value| value.is_array()).count(), LISTS.len());
        let unknown = toml::from_str::<PolicyKeys>(&format!("{all}\nx = 1")).unwrap_err();
        let named = KEYS.map(|key| format!("`{key}`")).join(", ");
        assert!(unknown.message().ends_with(&named), "{}", unknown.message());
    }

    #[test]
    fn every_key_reaches_the_policy() {
        let window = policy(
            r#"
            algorithm = "sliding-window"
            limit = 5
            per = "5m"
            durable = true
            on_outage = "allow"
            timeout = "250ms"
            lease = "off"
            lockout = ["15m", "1h"]
            count_denied = true
            shadow = true
            "#,
        );
        let mut expected = PolicyConfig::new(Algorithm::SlidingWindow, 5, Duration::from_mins(5));
        expected.durable = true;
        expected.on_outage = Some(OnOutage::Allow);
        expected.timeout = Duration::from_millis(250);
        expected.lockout = vec![Duration::from_mins(15), Duration::from_hours(1)];
        (expected.count_denied, expected.shadow) = (true, true);
        assert_eq!(*window.unwrap().config(), expected);

        let quota = "algorithm = \"quota\"\nlimit = 9\nperiod = \"month\"\nzone = \"Asia/Tokyo\"";
        let mut expected = PolicyConfig::quota(9, Period::Month);
        expected.zone = Some("Asia/Tokyo".to_owned());
        assert_eq!(*policy(quota).unwrap().config(), expected);

        let bucket = "algorithm = \"token-bucket\"\nlimit = 9\nper = \"1s\"\nburst = 3\n\
                      lease = \"auto\"";
        let bucket = policy(bucket).unwrap();
        assert_eq!((bucket.capacity(), bucket.lease()), (3, Lease::Auto));
    }

    #[test]
    fn what_does_not_go_together_is_told() {
        for (text, message) in [
            ("algorithm = \"quota\"\nlimit = 1", "limits.a: period must be given for a quota"),
            ("algorithm = \"fixed-window\"\nlimit = 1", "limits.a: per must be given"),
            (
                "algorithm = \"quota\"\nlimit = 1\nper = \"1d\"\nperiod = \"day\"",
                "limits.a: per must not stand beside period",
            ),
            (
                "algorithm = \"quota\"\nlimit = 1\nper = \"1d\"",
                "limits.a: period must be given for a quota",
            ),
            (
                "algorithm = \"fixed-window\"\nlimit = 1\nperiod = \"day\"",
                "limits.a: period must stand with a quota only",
            ),
            (
                "algorithm = \"fixed-window\"\nlimit = 1\nper = \"1d\"\nlease = \"maybe\"",
                "unknown word \"maybe\"; there are off, auto",
            ),
        ] {
            assert_eq!(policy(text).unwrap_err(), message);
        }
        let keys = "algorithm = \"fixed-window\"\nlimit = 1\nper = \"1d\"";
        let keys: PolicyKeys = toml::from_str(keys).unwrap();
        let message = keys.policy("check").unwrap_err().to_string();
        assert_eq!(message, "limits.check: name must not be one of check, permits, reservations");
    }
}
