//! Takes on an estimate, until it is known what it really cost.

use std::{fmt, str::FromStr, time::Duration};

use pgstead_store::Result;
use tokio::time::Instant;

use crate::{
    Check, Decision, Limits, Source,
    ask::is_outage,
    handle::Handle,
    lanes::Key,
    policy::ns,
    take::{Call, Leg},
};

/// What came of an attempt to reserve.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Reservation {
    /// The estimate has been taken.
    Reserved {
        /// What to settle.
        id: ReservationId,
        /// When it lapses, if it is not settled: what was taken is given back then.
        lapses_after: Duration,
        /// The decision, which allows it.
        decision: Decision,
    },
    /// PostgreSQL did not answer, and the outage rule lets it through: there is nothing to settle.
    Unrecorded(Decision),
    /// Nothing has been taken.
    Refused(Decision),
}

/// What stands for a reservation, as text `policy.key.id`, in base 62. It can be settled by any
/// process; who knows it can settle it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReservationId(pub(crate) Handle);

/// The text is no [`ReservationId`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidReservation;

/// The shortest and the longest time until a reservation lapses.
const TTL: (Duration, Duration) = (Duration::from_secs(1), Duration::from_hours(24));

impl Limits {
    /// Takes the check's cost as an estimate, to be settled within `ttl`, which is 1 s to 24 h and
    /// set right where it is not.
    ///
    /// For what is only known afterwards, such as the tokens of a language model: what was not
    /// used is given back by [`settle`](Self::settle), and what was used beyond is taken then. An
    /// unsettled reservation lapses: all of it is given back.
    pub async fn reserve(&self, check: &Check, ttl: Duration) -> Result<Reservation> {
        let ttl = ttl.clamp(TTL.0, TTL.1);
        let policy = self.policy_of(&check.subject).into_owned();
        let (key, terms) = (check.subject.key, policy.timeless_terms());
        let units = terms.units(check.cost);
        let began = Instant::now();
        let inner = &self.inner;
        let refused = inner.denied.decide(key, units, terms, began);
        let (decision, reserved) = if let Some(refused) = refused {
            (refused, None)
        } else {
            let (id, seen) = (Key::random(), inner.denied.seen(key, began));
            let call = Call::reserve(Leg::new(inner, &policy, key, units), id, ns(ttl));
            match inner.ask_several(call, &[&policy]).await {
                Ok(answer) => {
                    let answer = answer.only();
                    inner.denied.remember(&policy, &answer, seen);
                    let decision = Decision::of(&answer, terms, units, Source::Database);
                    (decision, answer.granted.then_some(id))
                }
                Err(error) if is_outage(&error) => {
                    (inner.side(policy.storage()).outages.decide(&policy, check), None)
                }
                Err(error) => return Err(error),
            }
        };
        inner.tops.record(&policy, check, &decision);
        let decision = if policy.is_shadow() { decision.shadowed() } else { decision };
        Ok(if let Some(id) = reserved {
            let id = ReservationId(Handle { policy: policy.name().into(), key, id });
            Reservation::Reserved { id, lapses_after: ttl, decision }
        } else if decision.is_allowed() {
            Reservation::Unrecorded(decision)
        } else {
            Reservation::Refused(decision)
        })
    }
}

impl Reservation {
    /// What was decided.
    #[must_use]
    pub fn decision(&self) -> &Decision {
        match self {
            Self::Reserved { decision, .. }
            | Self::Unrecorded(decision)
            | Self::Refused(decision) => decision,
        }
    }
}

impl ReservationId {
    /// The name of its policy.
    #[must_use]
    pub fn policy(&self) -> &str {
        &self.0.policy
    }
}

impl fmt::Display for ReservationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for ReservationId {
    type Err = InvalidReservation;

    fn from_str(text: &str) -> Result<Self, InvalidReservation> {
        Handle::read(text).map(Self).ok_or(InvalidReservation)
    }
}

impl fmt::Display for InvalidReservation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("this is no id of a reservation")
    }
}

impl std::error::Error for InvalidReservation {}
