//! What schedules are called.

use std::{error, fmt, str::FromStr, sync::Arc};

/// The longest name of a schedule.
pub const LONGEST_SCHEDULE_NAME: usize = 100;

/// The name of a schedule: 1 to 100 of `a-z`, `0-9`, `_`, `-` and `.`, the first a letter.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ScheduleName(Arc<str>);

/// It is no name of a schedule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidScheduleName(String);

impl ScheduleName {
    /// The schedule of that name, which need not be there yet.
    pub fn new(name: &str) -> Result<Self, InvalidScheduleName> {
        let is_plain = |byte: u8| byte.is_ascii_lowercase() || b"0123456789_-.".contains(&byte);
        let is_name = name.len() <= LONGEST_SCHEDULE_NAME
            && name.starts_with(|first: char| first.is_ascii_lowercase())
            && name.bytes().all(is_plain);
        if is_name { Ok(Self(name.into())) } else { Err(InvalidScheduleName(name.to_owned())) }
    }

    /// As text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ScheduleName {
    type Err = InvalidScheduleName;

    fn from_str(name: &str) -> Result<Self, InvalidScheduleName> {
        Self::new(name)
    }
}

impl fmt::Display for ScheduleName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for ScheduleName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl fmt::Display for InvalidScheduleName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name: String = self.0.chars().take(120).collect();
        write!(
            f,
            "{name:?} is no name of a schedule: 1 to {LONGEST_SCHEDULE_NAME} of a-z, 0-9, _, - and ., \
             the first a letter",
        )
    }
}

impl error::Error for InvalidScheduleName {}
