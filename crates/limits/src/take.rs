//! Takes from several keys at once, or from none: what the lanes of `take.sql` do.

mod flush;
mod statement;

use std::sync::Arc;

use pgstead_store::{Clock, Db, Result, Session, Wait, Work};

use self::flush::Flush;
pub(crate) use self::statement::{ENSURE, TAKE};
use crate::{
    Inner, Policy,
    arithmetic::{State, Terms},
    habit::Habit,
    lanes::{Answer, Key, Statements, Storage},
    penalty::Penalty,
};

/// What is to be taken together.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    /// Of each key one.
    legs: Vec<Leg>,
    kind: Kind,
}

/// What is to be taken from one key.
#[derive(Clone, Debug)]
pub(crate) struct Leg {
    pub(crate) key: Key,
    pub(crate) storage: Storage,
    pub(crate) units: i64,
    pub(crate) terms: Terms,
    pub(crate) penalty: Option<Arc<Penalty>>,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    /// All or nothing.
    All,
    /// All or nothing of one key, and a reservation over it.
    Reserve { id: Key, ttl_ns: i64 },
    /// As much of one key as there is.
    Lease,
}

/// What came of a call.
#[derive(Clone, Debug)]
pub(crate) struct CallAnswer {
    pub(crate) granted: bool,
    /// Where each key stood after it.
    pub(crate) legs: Vec<State>,
    /// When the row of the first was made.
    pub(crate) born_ns: Option<i64>,
    pub(crate) now_ns: i64,
}

impl Leg {
    pub(crate) fn new(inner: &Inner, policy: &Policy, key: Key, units: i64) -> Self {
        let (storage, penalty) = (policy.storage(), policy.penalty().cloned());
        Self { key, storage, units, terms: inner.terms(policy), penalty }
    }
}

impl Call {
    pub(crate) fn of(leg: Leg) -> Self {
        Self { legs: vec![leg], kind: Kind::All }
    }

    /// From each of these; those of one key are added up.
    pub(crate) fn all(legs: impl IntoIterator<Item = Leg>) -> Self {
        let mut each: Vec<Leg> = Vec::new();
        for leg in legs {
            match each.iter_mut().find(|known| known.place() == leg.place()) {
                Some(known) => known.units = known.units.saturating_add(leg.units),
                None => each.push(leg),
            }
        }
        Self { legs: each, kind: Kind::All }
    }

    pub(crate) fn reserve(leg: Leg, id: Key, ttl_ns: i64) -> Self {
        Self { legs: vec![leg], kind: Kind::Reserve { id, ttl_ns } }
    }

    pub(crate) fn lease(leg: Leg) -> Self {
        Self { legs: vec![leg], kind: Kind::Lease }
    }

    /// Where the leg of a key is in the call, and in its answer.
    pub(crate) fn leg_of(&self, storage: Storage, key: Key) -> Option<usize> {
        self.legs.iter().position(|leg| leg.place() == (storage, key))
    }

    /// What a leg of the call wants.
    pub(crate) fn units_of(&self, leg: usize) -> i64 {
        self.legs[leg].units
    }
}

impl Leg {
    /// In this order rows are locked.
    fn place(&self) -> (Storage, Key) {
        (self.storage, self.key)
    }
}

impl CallAnswer {
    /// Of a call of one leg.
    pub(crate) fn only(self) -> Answer {
        Answer { granted: self.granted, held: self.legs.first().copied(), now_ns: self.now_ns }
    }
}

/// Takes from several keys, of either storage.
#[derive(Debug)]
pub(crate) struct Lanes {
    db: Db,
    clock: Clock,
}

/// What a lane keeps.
pub(crate) struct Lane {
    session: Session,
    /// Whether keys have their rows.
    habit: Habit,
}

impl Lanes {
    pub(crate) fn new(db: Db, clock: Clock) -> Self {
        Self { db, clock }
    }
}

impl Work for Lanes {
    type Ask = Call;
    type Answer = CallAnswer;
    type Session = Lane;

    /// The first key: that another may be shared is what rows are locked for.
    fn row(&self, call: &Call) -> u128 {
        call.legs.first().map_or(0, |leg| leg.key.0)
    }

    async fn open(&self) -> Result<Lane> {
        Ok(Lane { session: self.db.session().await?, habit: Habit::default() })
    }

    async fn lost(&self, lane: &mut Lane) {
        lane.session.lost().await;
    }

    async fn flush(&self, lane: &mut Lane, calls: &[Call], wait: Wait) -> Result<Vec<CallAnswer>> {
        let Lane { session, habit } = lane;
        let mut statements = Statements::new(session, Storage::Fast, &self.clock, wait);
        Flush::new(calls, habit).run(&mut statements).await
    }
}
