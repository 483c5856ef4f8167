//! Takes on an estimate, until it is known what it really cost.

use std::{fmt, str::FromStr, sync::Arc, time::Duration};

use pgstead_store::Result;
use tokio::time::Instant;

use crate::{
    Check, Decision, Limits, Source,
    ask::is_outage,
    lanes::{Key, nanoseconds},
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
pub struct ReservationId {
    pub(crate) policy: Arc<str>,
    pub(crate) key: Key,
    pub(crate) id: Key,
}

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
        let decision = if let Some(refused) = inner.denied.decide(key, units, terms, began) {
            refused
        } else {
            let id = Key::random();
            let seen = inner.denied.seen(key);
            let leg = Leg::new(inner, &policy, key, units);
            match inner.ask_several(Call::reserve(leg, id, ns(ttl)), &[&policy]).await {
                Ok(answer) => {
                    let answer = answer.only();
                    let decision = Decision::of(&answer, terms, units, Source::Database);
                    inner.tops.record(&policy, check, &decision);
                    if answer.granted {
                        let id = ReservationId { policy: policy.name().into(), key, id };
                        let lapses_after = nanoseconds(ns(ttl));
                        return Ok(Reservation::Reserved { id, lapses_after, decision });
                    }
                    if !policy.counts_denied() {
                        inner.denied.remember(key, &answer, began, seen);
                    }
                    return Ok(Reservation::refused(decision, policy.is_shadow()));
                }
                Err(error) if is_outage(&error) => {
                    inner.side(policy.storage()).outages.decide(&policy, check, &error)
                }
                Err(error) => return Err(error),
            }
        };
        inner.tops.record(&policy, check, &decision);
        Ok(Reservation::refused(decision, policy.is_shadow()))
    }
}

impl Reservation {
    fn refused(decision: Decision, is_shadow: bool) -> Self {
        let decision = if is_shadow { decision.shadowed() } else { decision };
        if decision.is_allowed() { Self::Unrecorded(decision) } else { Self::Refused(decision) }
    }

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
        &self.policy
    }
}

impl fmt::Display for ReservationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_id(f, &self.policy, self.key, self.id)
    }
}

impl FromStr for ReservationId {
    type Err = InvalidReservation;

    fn from_str(text: &str) -> Result<Self, InvalidReservation> {
        let (policy, key, id) = read_id(text).ok_or(InvalidReservation)?;
        Ok(Self { policy: policy.into(), key, id })
    }
}

impl fmt::Display for InvalidReservation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("this is no id of a reservation")
    }
}

impl std::error::Error for InvalidReservation {}

/// The one form of all ids: a policy's name may have dots, what follows has none.
pub(crate) fn write_id(f: &mut fmt::Formatter<'_>, policy: &str, key: Key, id: Key) -> fmt::Result {
    write!(f, "{policy}.{}.{}", base62::encode(key.0), base62::encode(id.0))
}

pub(crate) fn read_id(text: &str) -> Option<(&str, Key, Key)> {
    let mut parts = text.rsplitn(3, '.');
    let (id, key, policy) = (parts.next()?, parts.next()?, parts.next()?);
    let decode = |part: &str| base62::decode(part).ok().map(Key);
    Some((policy, decode(key)?, decode(id)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_read_as_it_was_written() {
        let id = ReservationId { policy: "llm.tokens".into(), key: Key(u128::MAX), id: Key(7) };
        assert_eq!(id.to_string().parse(), Ok(id));
        for wrong in ["", "a", "a.b", "a.!.b", "a.b.99999999999999999999999999"] {
            assert_eq!(wrong.parse::<ReservationId>(), Err(InvalidReservation), "{wrong}");
        }
    }
}
