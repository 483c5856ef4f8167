//! What queues are called.

use std::{error, fmt, str::FromStr, sync::Arc};

/// The longest name of a queue, as pgmq has it.
pub const LONGEST_NAME: usize = 47;

/// The name of a queue: 1 to 47 of `a-z`, `0-9`, `_` and `-`, the first a letter.
///
/// pgmq keeps the jobs of `mail` in the table `pgmq.q_mail`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct QueueName(Arc<str>);

/// It is no name of a queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidName(String);

impl QueueName {
    /// The queue of that name, which need not be there yet.
    pub fn new(name: &str) -> Result<Self, InvalidName> {
        let is_plain = |byte: u8| byte.is_ascii_lowercase() || b"0123456789_-".contains(&byte);
        let is_name = name.len() <= LONGEST_NAME
            && name.starts_with(|first: char| first.is_ascii_lowercase())
            && name.bytes().all(is_plain);
        if is_name { Ok(Self(name.into())) } else { Err(InvalidName(name.to_owned())) }
    }

    /// As text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for QueueName {
    type Err = InvalidName;

    fn from_str(name: &str) -> Result<Self, InvalidName> {
        Self::new(name)
    }
}

impl fmt::Display for QueueName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for QueueName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl fmt::Display for InvalidName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name: String = self.0.chars().take(60).collect();
        write!(
            f,
            "{name:?} is no name of a queue: 1 to {LONGEST_NAME} of a-z, 0-9, _ and -, the first a \
             letter",
        )
    }
}

impl error::Error for InvalidName {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_that_need_no_thought() {
        for good in ["a", "mail", "web-hooks_2", &"a".repeat(47)] {
            assert_eq!(QueueName::new(good).unwrap().as_str(), good);
        }
        for bad in ["", "Mail", "2fast", "_a", "a b", "a.b", "a\"b", "é", &"a".repeat(48)] {
            assert!(QueueName::new(bad).is_err(), "{bad}");
        }
    }
}
