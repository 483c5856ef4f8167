//! The words for things in every output.

use std::fmt;

use crate::finding::{Kind, Life, Purpose, Step, Store};

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{} {}", self.place.path, self.place.line, self.name)
    }
}

impl Store {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Redis, Self::Mongodb];

    /// The word for it in every output.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Redis => "Redis",
            Self::Mongodb => "MongoDB",
        }
    }
}

impl Purpose {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Tokens,
        Self::Session,
        Self::Limits,
        Self::Queue,
        Self::Cache,
        Self::Lock,
        Self::PubSub,
        Self::Other,
    ];

    /// The word for it in every output.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Tokens => "tokens",
            Self::Session => "session",
            Self::Limits => "limits",
            Self::Queue => "queue",
            Self::Cache => "cache",
            Self::Lock => "lock",
            Self::PubSub => "pub/sub",
            Self::Other => "other",
        }
    }
}

impl Life {
    /// All of them, the most alive first.
    pub const ALL: [Self; 4] = [Self::Live, Self::Test, Self::Dormant, Self::Historical];

    /// The word for it in every output.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Test => "test",
            Self::Dormant => "dormant",
            Self::Historical => "historical",
        }
    }

    /// What that means, as the end of a sentence that begins with "it".
    pub(crate) fn meaning(self) -> &'static str {
        match self {
            Self::Live => "runs in production, or production is built with it",
            Self::Test => "is for tests or development alone",
            Self::Dormant => "is in the tree and nothing reaches it",
            Self::Historical => "tells what was: documentation, or a migration that was applied",
        }
    }
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 17] = [
        Self::Package,
        Self::LockedPackage,
        Self::Import,
        Self::Client,
        Self::Command,
        Self::Wrapper,
        Self::VariableRead,
        Self::VariableSet,
        Self::ConnectionString,
        Self::Container,
        Self::ContainerReference,
        Self::HelmDependency,
        Self::Resource,
        Self::Setting,
        Self::Backup,
        Self::UnusedModule,
        Self::Mention,
    ];

    /// The words for it in every output.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Package => "package",
            Self::LockedPackage => "locked package",
            Self::Import => "import",
            Self::Client => "client",
            Self::Command => "command",
            Self::Wrapper => "wrapper",
            Self::VariableRead => "variable read",
            Self::VariableSet => "variable set",
            Self::ConnectionString => "address",
            Self::Container => "container",
            Self::ContainerReference => "reference to a container",
            Self::HelmDependency => "Helm dependency",
            Self::Resource => "resource",
            Self::Setting => "setting",
            Self::Backup => "backup",
            Self::UnusedModule => "unused module",
            Self::Mention => "mention",
        }
    }

    /// What is done about one that lives, in a sentence.
    pub(crate) fn advice(self) -> &'static str {
        match self {
            Self::Package => "Remove it from the manifest once no code imports it.",
            Self::LockedPackage => {
                "Remove what asks for it from the manifest and have the package manager write the lock file."
            }
            Self::Import | Self::Client | Self::Command => {
                "Call what replaces it; docs/MIGRATING.md says what that is for each purpose."
            }
            Self::Wrapper => {
                "Nothing has to be done here if the module it leads to keeps its interface."
            }
            Self::VariableRead => "Read it no longer, and then remove it where it is set.",
            Self::VariableSet => "Remove it once no code reads it.",
            Self::ConnectionString => "Remove the address, and rotate its password if it has one.",
            Self::Container | Self::ContainerReference | Self::HelmDependency => {
                "Remove it once no service connects to it."
            }
            Self::Resource => {
                "Remove it last, when `pgstead verify --redis` has seen it idle, with a snapshot kept."
            }
            Self::Setting => "Set the framework to another store.",
            Self::Backup | Self::UnusedModule => "Delete the file: nothing reaches it.",
            Self::Mention => {
                "Leave it if it tells what was, and rewrite it if it tells what to do."
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The published schema names what there is, in the words of the document.
    #[test]
    fn the_schema_knows_every_word() {
        let schema: serde_json::Value = serde_json::from_str(crate::report::SCHEMA).unwrap();
        let words = |of: &str| schema["$defs"][of]["enum"].clone();
        assert_eq!(words("store"), serde_json::json!(Store::ALL));
        assert_eq!(words("purpose"), serde_json::json!(Purpose::ALL));
        assert_eq!(words("life"), serde_json::json!(Life::ALL));
        assert_eq!(words("kind"), serde_json::json!(Kind::ALL));
    }
}
