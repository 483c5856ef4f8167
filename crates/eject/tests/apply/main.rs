//! What `apply` does to whole trees: those of the corpus, and one of its own that is type-checked.
//!
//! `PGSTEAD_TEST_PROJECT=fleet cargo test -p pgstead-eject --test apply -- --nocapture` shows what is done to one of them.

#![expect(clippy::disallowed_methods, reason = "a test is told by the environment")]
#![expect(clippy::unwrap_used, reason = "what helps a test may fail as it does")]
#![expect(clippy::print_stdout, reason = "a person asked to see it")]

mod corpus;
mod tree;
mod typed;
mod writing;
