//! Takes from several limits, or from none.

use std::sync::Arc;

use futures_util::future::try_join_all;
use pgstead_store::Result;

use crate::{
    Check, Decision, Decisions, Inner, Lease, Limits, Policy, Source,
    arithmetic::available,
    ask::is_outage,
    lanes::Answer,
    lease::{Local, Piece},
    take::{Call, Leg},
};
use tokio::time::Instant;

/// A check with its policy as it is now.
type Current<'a> = (&'a Check, Arc<Policy>);

/// What a lease covered, and which piece of it.
struct Covered {
    decision: Decision,
    of: Option<Piece>,
}

impl Limits {
    /// Takes the cost of each check, or of none: in one statement, in one round trip.
    ///
    /// Checks of one key are added up. A policy in shadow mode is checked beside the others, and
    /// neither refuses nor is refused by them. When PostgreSQL does not answer within the shortest
    /// of the policies' timeouts, each policy's outage rule decides.
    pub async fn check_all(&self, checks: &[Check]) -> Result<Decisions> {
        let mut decisions: Vec<Option<Decision>> = vec![None; checks.len()];
        let mut together: Vec<(usize, Current<'_>)> = Vec::new();
        let mut shadowed = Vec::new();
        for (at, check) in checks.iter().enumerate() {
            let policy = self.policy_of(&check.subject);
            if policy.is_shadow() {
                shadowed.push(at);
            } else {
                together.push((at, (check, policy.into_owned())));
            }
        }
        let currents: Vec<&Current<'_>> = together.iter().map(|(_, current)| current).collect();
        let decided = self.inner.decide_all(&currents).await?;
        for ((at, (check, policy)), decision) in together.iter().zip(decided) {
            self.inner.tops.record(policy, check, &decision);
            decisions[*at] = Some(decision);
        }
        let watched = shadowed.iter().map(|at| self.check(&checks[*at]));
        for (at, decision) in shadowed.iter().zip(try_join_all(watched).await?) {
            decisions[*at] = Some(decision);
        }
        Ok(Decisions(decisions.into_iter().map(|one| one.expect("each is decided")).collect()))
    }
}

impl Inner {
    async fn decide_all(self: &Arc<Self>, checks: &[&Current<'_>]) -> Result<Vec<Decision>> {
        let began = Instant::now();
        if let Some(refused) = self.refuse_by_memory(checks, began) {
            return Ok(refused);
        }
        // What a lease covers need not be asked for. It is given back if the others are refused.
        let leased: Vec<Option<Covered>> =
            checks.iter().map(|(check, policy)| self.take_leased(policy, check, began)).collect();
        let asked: Vec<&Current<'_>> = checks
            .iter()
            .zip(&leased)
            .filter(|(_, leased)| leased.is_none())
            .map(|(current, _)| *current)
            .collect();
        if asked.is_empty() {
            return Ok(leased.into_iter().flatten().map(|covered| covered.decision).collect());
        }
        let leg = |(check, policy): &&Current<'_>| {
            let units = policy.timeless_terms().units(check.cost);
            Leg::new(self, policy, check.subject.key, units)
        };
        let call = Call::all(asked.iter().map(leg));
        let policies: Vec<&Arc<Policy>> = asked.iter().map(|(_, policy)| policy).collect();
        let seen: Vec<_> =
            asked.iter().map(|(check, _)| self.denied.seen(check.subject.key)).collect();
        let decided: Vec<Decision> = match self.ask_several(call.clone(), &policies).await {
            Ok(answer) => {
                let each = asked.iter().zip(seen).map(|((check, policy), seen)| {
                    let key = check.subject.key;
                    let leg = call.leg_of(policy.storage(), key).expect("it is one of them");
                    let held = answer.legs[leg];
                    let terms = policy.timeless_terms();
                    // All that the call wants of the key: of several checks of it each may fit.
                    let units = call.units_of(leg);
                    let now_ns = answer.now_ns;
                    let granted = answer.granted || units <= available(Some(held), now_ns, terms);
                    let answer = Answer { granted, held: Some(held), now_ns };
                    if !granted && !policy.counts_denied() {
                        self.denied.remember(key, &answer, began, seen);
                    }
                    Decision::of(&answer, terms, units, Source::Database)
                });
                each.collect()
            }
            Err(error) if is_outage(&error) => {
                let rule = |(check, policy): &&Current<'_>| {
                    self.side(policy.storage()).outages.decide(policy, check, &error)
                };
                asked.iter().map(rule).collect()
            }
            Err(error) => {
                self.put_back(checks, &leased);
                return Err(error);
            }
        };
        if !decided.iter().all(Decision::is_allowed) {
            self.put_back(checks, &leased);
        }
        let mut decided = decided.into_iter();
        let each = leased.into_iter().map(|covered| match covered {
            Some(covered) => covered.decision,
            None => decided.next().expect("what no lease covers has been asked for"),
        });
        Ok(each.collect())
    }

    /// Refuses all where one is known to be refused. Of the others nothing is known but that they
    /// were not taken.
    fn refuse_by_memory(&self, checks: &[&Current<'_>], now: Instant) -> Option<Vec<Decision>> {
        let known: Vec<Option<Decision>> = checks
            .iter()
            .map(|(check, policy)| {
                let terms = policy.timeless_terms();
                self.denied.decide(check.subject.key, terms.units(check.cost), terms, now)
            })
            .collect();
        known.iter().any(Option::is_some).then(|| {
            let whole = |policy: &Policy| {
                let terms = policy.timeless_terms();
                let answer = Answer { granted: true, held: None, now_ns: 0 };
                Decision::of(&answer, terms, 0, Source::Cache)
            };
            let each = known.into_iter().zip(checks);
            each.map(|(known, (_, policy))| known.unwrap_or_else(|| whole(policy))).collect()
        })
    }

    fn take_leased(
        self: &Arc<Self>,
        policy: &Arc<Policy>,
        check: &Check,
        now: Instant,
    ) -> Option<Covered> {
        if policy.lease() == Lease::Off {
            return None;
        }
        let (key, terms) = (check.subject.key, policy.timeless_terms());
        match self.leases.take(key, terms.units(check.cost), terms, now) {
            Local::Granted { standing, of, refill } => {
                if let Some(want) = refill {
                    self.refill(policy, key, want);
                }
                Some(Covered { decision: Decision::Allow(standing), of })
            }
            Local::Missed { .. } => None,
        }
    }

    fn put_back(&self, checks: &[&Current<'_>], leased: &[Option<Covered>]) {
        for ((check, policy), covered) in checks.iter().zip(leased) {
            if let Some(Covered { of: Some(of), .. }) = covered {
                let units = policy.timeless_terms().units(check.cost);
                self.leases.put_back(check.subject.key, units, *of);
            }
        }
    }
}
