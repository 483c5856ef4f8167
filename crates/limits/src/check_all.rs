//! Takes from several limits, or from none.

use std::sync::Arc;

use futures_util::future::try_join_all;
use pgstead_store::Result;
use tokio::time::Instant;

use crate::{
    Check, Decision, Decisions, Inner, Limits, Policy, Source,
    arithmetic::available,
    ask::is_outage,
    denied::Seen,
    lanes::Answer,
    lease::Covered,
    take::{Call, Leg},
};

/// A check with its policy as it is now.
pub(crate) type Current<'a> = (&'a Check, Arc<Policy>);

/// What was decided about several checks.
pub(crate) struct Decided {
    pub(crate) each: Vec<Decision>,
    /// PostgreSQL's time, if it was asked and has answered.
    pub(crate) now_ns: Option<i64>,
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
        for ((at, _), decision) in together.iter().zip(decided.each) {
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
    /// Decides about checks none of whose policies only watches.
    pub(crate) async fn decide_all(self: &Arc<Self>, checks: &[&Current<'_>]) -> Result<Decided> {
        let began = Instant::now();
        let decided = match self.refuse_by_memory(checks, began) {
            Some(each) => Decided { each, now_ns: None },
            None => self.take_all(checks, began).await?,
        };
        for ((check, policy), decision) in checks.iter().zip(&decided.each) {
            self.tops.record(policy, check, decision);
        }
        Ok(decided)
    }

    async fn take_all(
        self: &Arc<Self>,
        checks: &[&Current<'_>],
        began: Instant,
    ) -> Result<Decided> {
        // What a lease covers need not be asked for. It is given back if the others are refused.
        let leased: Vec<Option<Covered>> = checks
            .iter()
            .map(|(check, policy)| {
                let units = policy.timeless_terms().units(check.cost);
                self.grant_leased(policy, check.subject.key, units, began)
            })
            .collect();
        let asked: Vec<&Current<'_>> = checks
            .iter()
            .zip(&leased)
            .filter(|(_, leased)| leased.is_none())
            .map(|(current, _)| *current)
            .collect();
        let decided = if asked.is_empty() {
            Ok(Decided { each: Vec::new(), now_ns: None })
        } else {
            self.ask_for_all(&asked, began).await
        };
        let is_allowed = |decided: &Decided| decided.each.iter().all(Decision::is_allowed);
        if !decided.as_ref().is_ok_and(is_allowed) {
            self.put_back(checks, &leased);
        }
        let Decided { each, now_ns } = decided?;
        let mut asked = each.into_iter();
        let each = leased.into_iter().map(|covered| match covered {
            Some(covered) => Decision::Allow(covered.standing),
            None => asked.next().expect("what no lease covers has been asked for"),
        });
        Ok(Decided { each: each.collect(), now_ns })
    }

    /// Asks PostgreSQL, or the policies' outage rules where it does not answer.
    async fn ask_for_all(&self, checks: &[&Current<'_>], began: Instant) -> Result<Decided> {
        let call = Call::all(checks.iter().map(|(check, policy)| {
            let units = policy.timeless_terms().units(check.cost);
            Leg::new(self, policy, check.subject.key, units)
        }));
        let policies: Vec<&Arc<Policy>> = checks.iter().map(|(_, policy)| policy).collect();
        let seen: Vec<Seen> =
            checks.iter().map(|(check, _)| self.denied.seen(check.subject.key, began)).collect();
        let answer = match self.ask_several(call.clone(), &policies).await {
            Ok(answer) => answer,
            Err(error) if is_outage(&error) => {
                let rule = |(check, policy): &&Current<'_>| {
                    self.side(policy.storage()).outages.decide(policy, check)
                };
                return Ok(Decided { each: checks.iter().map(rule).collect(), now_ns: None });
            }
            Err(error) => return Err(error),
        };
        let now_ns = answer.now_ns;
        let each = checks.iter().zip(seen).map(|((check, policy), seen)| {
            let leg = call.leg_of(policy.storage(), check.subject.key);
            let leg = leg.expect("it is one of them");
            let (held, terms) = (Some(answer.legs[leg]), policy.timeless_terms());
            // All that the call wants of the key: of several checks of it each may fit.
            let units = call.units_of(leg);
            let granted = answer.granted || units <= available(held, now_ns, terms);
            let answer = Answer { granted, held, now_ns };
            self.denied.remember(policy, &answer, seen);
            Decision::of(&answer, terms, units, Source::Database)
        });
        Ok(Decided { each: each.collect(), now_ns: Some(now_ns) })
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

    fn put_back(&self, checks: &[&Current<'_>], leased: &[Option<Covered>]) {
        // The last first: of two of one key the one was taken after the other.
        for ((check, policy), covered) in checks.iter().zip(leased).rev() {
            if let Some(covered) = covered {
                let units = policy.timeless_terms().units(check.cost);
                self.leases.put_back(check.subject.key, units, covered);
            }
        }
    }
}
