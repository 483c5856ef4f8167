//! What of configuration is for tests alone.

use crate::{
    finding::{Life, Sighting},
    word,
};

/// Whether a word of a name is of tests.
pub(super) fn is_of_tests(name: &str) -> bool {
    const TESTS: &[&str] = &[
        "check",
        "checks",
        "ci",
        "coverage",
        "e2e",
        "integration",
        "jest",
        "lint",
        "pytest",
        "quality",
        "rspec",
        "spec",
        "specs",
        "test",
        "testing",
        "tests",
        "unit",
        "verify",
        "vitest",
    ];
    word::words(name).any(|word| TESTS.contains(&&*word))
        || name.to_ascii_lowercase().contains("e2e")
}

/// A sighting that is of tests.
pub(super) fn of_tests(sighting: Sighting, why: &str) -> Sighting {
    sighting.life(Life::Test, why)
}
