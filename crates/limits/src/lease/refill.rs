//! Grants from a lease, and has more leased before it is used up.

use std::sync::Arc;

use pgstead_store::Chain;
use tokio::time::Instant;
use tracing::debug;

use super::{Covered, Ended, Want};
use crate::{
    Inner, Lease, Policy,
    lanes::Key,
    take::{Call, Leg},
};

impl Inner {
    /// Grants from a lease, if the policy has them and the key's covers it, and has more leased
    /// where that is low.
    pub(crate) fn grant_leased(
        self: &Arc<Self>,
        policy: &Arc<Policy>,
        key: Key,
        units: i64,
        now: Instant,
    ) -> Option<Covered> {
        if policy.lease() == Lease::Off {
            return None;
        }
        let (covered, want) = self.leases.grant(key, units, policy.timeless_terms(), now);
        if let Some(want) = want {
            self.refill(policy, key, want);
        }
        covered
    }

    /// Leases more, beside whoever needed it.
    fn refill(self: &Arc<Self>, policy: &Arc<Policy>, key: Key, want: Want) {
        let Ok(on_its_way) = Arc::clone(&self.leases.refills).try_acquire_owned() else {
            // So many, or the end: what is not leased is asked for.
            return self.leases.failed(key, want);
        };
        let (inner, policy) = (Arc::clone(self), Arc::clone(policy));
        tokio::spawn(async move {
            let _on_its_way = on_its_way;
            let leg = Leg::new(&inner, &policy, key, want.units);
            let began = Instant::now();
            match inner.ask_several(Call::lease(leg), &[&policy]).await {
                Ok(answer) => {
                    if let Some(piece) = inner.leases.put(key, &answer, want, began) {
                        let terms = *policy.timeless_terms();
                        inner.return_leases(vec![Ended { key, terms, piece }]).await;
                    }
                }
                Err(error) => {
                    // Whoever asks next is told by PostgreSQL itself, or by the outage rule.
                    debug!(error = %Chain(&error), "nothing could be leased");
                    inner.leases.failed(key, want);
                }
            }
        });
    }
}
