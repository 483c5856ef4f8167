//! How every verb asks PostgreSQL: within the policy's timeout, and not at all while PostgreSQL is
//! known to be away.

use std::sync::Arc;

use pgstead_store::{Error, Result};

use crate::{
    Inner, Policy,
    arithmetic::Terms,
    lanes::{Answer, Ask, Key, Storage, Verb, since_epoch},
    take::{Call, CallAnswer},
};

impl Inner {
    /// Asks about one key.
    pub(crate) async fn ask(&self, policy: &Arc<Policy>, key: Key, verb: Verb) -> Result<Answer> {
        let side = self.side(policy.storage());
        let patience = policy.timeout();
        side.outages.admit(patience)?;
        let ask = Ask { key, terms: self.terms(policy), verb, penalty: policy.penalty().cloned() };
        let answer = side.lanes.ask(ask, patience).await;
        side.outages.heard(&answer, patience);
        answer
    }

    /// Asks for a call, which is of at least one key.
    pub(crate) async fn ask_several(
        &self,
        call: Call,
        policies: &[&Arc<Policy>],
    ) -> Result<CallAnswer> {
        let sides = [Storage::Fast, Storage::Durable]
            .into_iter()
            .filter(|storage| policies.iter().any(|policy| policy.storage() == *storage))
            .map(|storage| self.side(storage));
        let patience = policies.iter().map(|policy| policy.timeout()).min().unwrap_or_default();
        for side in sides.clone() {
            side.outages.admit(patience)?;
        }
        let answer = self.several.ask(call, patience).await;
        for side in sides {
            side.outages.heard(&answer, patience);
        }
        answer
    }

    /// What the policy comes to now.
    pub(crate) fn terms(&self, policy: &Policy) -> Terms {
        // To look at the clock costs more than all that is done with it, and few have to.
        if policy.period().is_none() {
            return *policy.timeless_terms();
        }
        policy.terms(self.now_ns())
    }

    /// The time as far as this process knows. What depends on it is right as long as it is not
    /// wrong by more than a period of a calendar.
    #[expect(clippy::disallowed_methods, reason = "PostgreSQL picks the period by its own time")]
    fn now_ns(&self) -> i64 {
        self.clock.now_ns().unwrap_or_else(|| since_epoch(std::time::SystemTime::now()))
    }
}

/// Whether it says that PostgreSQL is away, and not that something is wrong.
pub(crate) fn is_outage(error: &Error) -> bool {
    error.is_unavailable() || error.is_timeout()
}
