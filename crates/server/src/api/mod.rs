//! A room for each resource: its requests, its responses, and how they become calls.

mod extract;
pub(crate) mod health;
pub(crate) mod limits;
pub(crate) mod oauth;
pub(crate) mod queues;
pub(crate) mod schedules;
pub(crate) mod sessions;
pub(crate) mod webhooks;
