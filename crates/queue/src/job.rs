//! Jobs: before they are sent, and while they are claimed.

use std::{error, fmt, time::Duration};

use serde::Serialize;
use serde_json::{Map, Value, value::RawValue};

use crate::json::{Json, unkeepable};

/// The header of pgmq that names a job's group.
pub const GROUP_HEADER: &str = "x-pgmq-group";
/// The header that says a job's [`Priority`].
pub const PRIORITY_HEADER: &str = "x-pgstead-priority";
/// The longest name of a group and key of [`NewJob::dedup`], in bytes.
pub const LONGEST_KEY: usize = 255;
/// The longest [`NewJob::delay`].
pub const LONGEST_DELAY: Duration = Duration::from_hours(24 * 366);

/// Which jobs run first. Among those of one priority it is the one that was due first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Priority {
    /// 1: before all others.
    Urgent,
    /// 2: the default, and that of whatever is sent with `pgmq.send`.
    #[default]
    Normal,
    /// 3: when there is nothing else to do.
    Low,
    /// 4: and not even then, if there is something of priority 3.
    Lowest,
}

/// A job to send.
#[derive(Clone, Debug)]
pub struct NewJob {
    pub(crate) payload: Json,
    pub(crate) delay: Duration,
    pub(crate) priority: Priority,
    pub(crate) group: Option<Box<str>>,
    pub(crate) dedup: Option<(Box<str>, Duration)>,
    pub(crate) headers: Map<String, Value>,
}

/// It cannot be sent.
#[derive(Debug)]
#[non_exhaustive]
pub enum InvalidJob {
    /// The payload cannot be written as JSON.
    NotJson(serde_json::Error),
    /// The payload or a header has something that PostgreSQL cannot keep, such as the character U+0000.
    Unkeepable(&'static str),
    /// It is larger than a queue takes.
    TooLarge {
        /// Its size, in bytes of JSON.
        size: usize,
        /// The most, [`Config::largest_payload`](crate::Config::largest_payload).
        most: usize,
    },
    /// The name of a group or a key that is empty, longer than [`LONGEST_KEY`], or has a NUL in it.
    Key(&'static str),
    /// A delay of more than [`LONGEST_DELAY`].
    Delay,
    /// A time for which a key counts that is zero or more than [`LONGEST_DELAY`].
    DedupTime,
    /// A header of pgstead's own, by its name.
    Header(String),
}

impl NewJob {
    /// A job with a payload, to be done as soon as possible.
    pub fn new<T: Serialize + ?Sized>(payload: &T) -> Result<Self, InvalidJob> {
        let payload = serde_json::value::to_raw_value(payload).map_err(InvalidJob::NotJson)?;
        Self::from_json(payload)
    }

    /// The same, with a payload that is JSON already.
    pub fn from_json(payload: Box<RawValue>) -> Result<Self, InvalidJob> {
        if let Some(what) = unkeepable(payload.get()) {
            return Err(InvalidJob::Unkeepable(what));
        }
        Ok(Self {
            payload: Json(payload),
            delay: Duration::ZERO,
            priority: Priority::Normal,
            group: None,
            dedup: None,
            headers: Map::new(),
        })
    }

    /// Not before so long from now, by PostgreSQL's clock.
    pub fn delay(mut self, delay: Duration) -> Result<Self, InvalidJob> {
        if delay > LONGEST_DELAY {
            return Err(InvalidJob::Delay);
        }
        self.delay = delay;
        Ok(self)
    }

    /// Which jobs are to run first.
    #[must_use]
    pub fn priority(mut self, priority: Priority) -> Self {
        self.priority = priority;
        self
    }

    /// Jobs of one group run one after another, in the order in which they were sent. One that is delayed
    /// or that failed and is to be tried again lets the others wait; a dead letter does not.
    pub fn group(mut self, group: &str) -> Result<Self, InvalidJob> {
        self.group = Some(key("group", group)?);
        Ok(self)
    }

    /// For so long no other job of this key is sent: whoever tries gets this one's number.
    pub fn dedup(mut self, by: &str, time: Duration) -> Result<Self, InvalidJob> {
        if time.is_zero() || time > LONGEST_DELAY {
            return Err(InvalidJob::DedupTime);
        }
        self.dedup = Some((key("dedup key", by)?, time));
        Ok(self)
    }

    /// Says something about the job that is not its payload, such as a trace's id.
    pub fn header(mut self, name: &str, value: Value) -> Result<Self, InvalidJob> {
        if name == GROUP_HEADER || name.starts_with("x-pgstead-") {
            return Err(InvalidJob::Header(name.to_owned()));
        }
        if name.contains('\0') {
            return Err(InvalidJob::Unkeepable("the character U+0000"));
        }
        if let Some(what) = unkeepable(Json::of(&value).0.get()) {
            return Err(InvalidJob::Unkeepable(what));
        }
        self.headers.insert(name.to_owned(), value);
        Ok(self)
    }

    /// Refuses what is larger than that.
    pub(crate) fn at_most(&self, most: usize) -> Result<(), InvalidJob> {
        let size = self.payload.0.get().len();
        if size > most { Err(InvalidJob::TooLarge { size, most }) } else { Ok(()) }
    }

    pub(crate) fn delay_ms(&self) -> i64 {
        i64::try_from(self.delay.as_millis()).unwrap_or(i64::MAX)
    }

    /// As they stand in the table.
    pub(crate) fn all_headers(&self) -> Option<Json> {
        if self.headers.is_empty() && self.group.is_none() && self.priority == Priority::Normal {
            return None;
        }
        let mut headers = self.headers.clone();
        if let Some(group) = &self.group {
            headers.insert(GROUP_HEADER.to_owned(), (**group).into());
        }
        if self.priority != Priority::Normal {
            let level = self.priority.level().to_string();
            headers.insert(PRIORITY_HEADER.to_owned(), level.into());
        }
        Some(Json::of(&Value::Object(headers)))
    }
}

impl Priority {
    /// 1 to 4.
    #[must_use]
    pub fn level(self) -> u8 {
        match self {
            Self::Urgent => 1,
            Self::Normal => 2,
            Self::Low => 3,
            Self::Lowest => 4,
        }
    }

    /// That of a level, which is 1 to 4.
    #[must_use]
    pub fn of_level(level: u8) -> Option<Self> {
        [Self::Urgent, Self::Normal, Self::Low, Self::Lowest]
            .into_iter()
            .find(|priority| priority.level() == level)
    }
}

fn key(what: &'static str, text: &str) -> Result<Box<str>, InvalidJob> {
    if text.is_empty() || text.len() > LONGEST_KEY || text.contains('\0') {
        return Err(InvalidJob::Key(what));
    }
    Ok(text.into())
}

impl fmt::Display for InvalidJob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotJson(_) => f.write_str("the payload cannot be written as JSON"),
            Self::Unkeepable(what) => {
                write!(f, "the payload or a header has {what}, which PostgreSQL cannot keep")
            }
            Self::TooLarge { size, most } => write!(
                f,
                "the payload has {size} bytes, and at most {most} are taken; send where it is \
                 instead, or raise largest_payload",
            ),
            Self::Key(what) => write!(f, "a {what} is 1 to {LONGEST_KEY} bytes, none of them NUL"),
            Self::Delay => f.write_str("a job is delayed by at most 366 days"),
            Self::DedupTime => {
                f.write_str("a dedup key counts for more than 0 and at most 366 days")
            }
            Self::Header(name) => {
                write!(f, "the header {name:?} is pgstead's own: say it as an option of the job")
            }
        }
    }
}

impl error::Error for InvalidJob {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::NotJson(cause) => Some(cause),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_sent_is_said_before() {
        let job = || NewJob::new("x").unwrap();
        assert!(job().at_most(3).is_ok() && job().at_most(2).is_err());
        assert!(job().group("").is_err() && job().group(&"g".repeat(256)).is_err());
        assert!(job().delay(LONGEST_DELAY + Duration::from_secs(1)).is_err());
        assert!(job().dedup("k", Duration::ZERO).is_err());
        assert!(job().header("x-pgstead-priority", 1.into()).is_err());
        assert!(NewJob::new("\0").is_err());
        assert!(job().all_headers().is_none());
        let headers = job().priority(Priority::Low).group("g").unwrap().all_headers().unwrap();
        assert_eq!(headers.0.get(), r#"{"x-pgmq-group":"g","x-pgstead-priority":"3"}"#);
    }
}
