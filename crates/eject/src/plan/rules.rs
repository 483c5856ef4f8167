//! Data that a file of the user's stands above.

use std::{error, fmt};

use toml::{Table, Value};

/// A file of the user's that cannot be used.
#[derive(Debug)]
pub struct Invalid(pub(super) Cause);

#[derive(Debug)]
pub(super) enum Cause {
    Toml(toml::de::Error),
    Pattern(regex::Error),
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("it does not say what such a file says")
    }
}

impl error::Error for Invalid {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        Some(match &self.0 {
            Cause::Toml(error) => error,
            Cause::Pattern(error) => error,
        })
    }
}

impl From<toml::de::Error> for Invalid {
    fn from(error: toml::de::Error) -> Self {
        Self(Cause::Toml(error))
    }
}

/// The user's keys above ours. Lists are joined, with theirs first.
pub(super) fn overlay(ours: &str, theirs: &str) -> Result<Table, Invalid> {
    let mut table: Table = toml::from_str(ours).expect("a test reads the file");
    merge(&mut table, toml::from_str(theirs)?);
    Ok(table)
}

fn merge(ours: &mut Table, theirs: Table) {
    for (key, value) in theirs {
        match (ours.get_mut(&key), value) {
            (Some(Value::Table(ours)), Value::Table(theirs)) => merge(ours, theirs),
            (Some(Value::Array(ours)), Value::Array(mut theirs)) => {
                theirs.append(ours);
                *ours = theirs;
            }
            (_, value) => _ = ours.insert(key, value),
        }
    }
}
