//! A room for each resource: its requests, its responses, and how they become calls.

mod extract;
pub(crate) mod health;
pub(crate) mod limits;
