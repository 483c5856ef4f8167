//! What the lanes do: everything that is asked of one storage, a statement for each verb.

use std::{
    error,
    sync::{Arc, OnceLock},
    time::{Duration, SystemTime},
};

use bytes::{BufMut as _, BytesMut};
use pgstead_store::{
    Clock, Db, Parameter, Query, Result, Session, Wait, Work,
    tokio_postgres::{
        Row,
        types::{FromSql, IsNull, ToSql, Type, to_sql_checked},
    },
};

use crate::{
    Source, Standing,
    arithmetic::{State, Terms, Window, available, wait_ns},
    block, check,
    habit::Habit,
    lease, peek,
    penalty::Penalty,
    permit, refund, reset, settle,
};

/// After so many rounds of a flush those who want the same key are served one by one.
pub(crate) const ROUNDS_TOGETHER: usize = 3;

/// One of the two tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Storage {
    /// UNLOGGED: no WAL, no fsync, emptied by a crash.
    Fast,
    Durable,
}

/// A statement, which its file writes for the fast table.
pub(crate) struct Sql {
    fast: &'static str,
    durable: OnceLock<String>,
}

/// What a caller asks about a key.
#[derive(Clone, Debug)]
pub(crate) struct Ask {
    pub(crate) key: Key,
    pub(crate) terms: Terms,
    pub(crate) verb: Verb,
    /// What follows if it is refused.
    pub(crate) penalty: Option<Arc<Penalty>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verb {
    Take {
        units: i64,
    },
    Peek,
    Reset,
    Refund {
        units: i64,
    },
    Block {
        for_ns: i64,
    },
    Settle {
        reservation: Key,
        used: u64,
    },
    /// What is left of a lease.
    Return {
        units: i64,
        window_ends_ns: Option<i64>,
        leased_to_ns: Option<i64>,
        born_ns: Option<i64>,
    },
    Acquire {
        permit: Key,
    },
    Renew {
        permit: Key,
    },
    Release {
        permit: Key,
    },
}

/// What came of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Answer {
    /// Whether the cost was taken, or what was to be found was there.
    pub(crate) granted: bool,
    pub(crate) held: Option<State>,
    pub(crate) now_ns: i64,
}

/// 128 bits that stand for a key of a policy, a reservation, or a permit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Key(pub(crate) u128);

#[derive(Debug)]
pub(crate) struct Lanes {
    db: Db,
    storage: Storage,
    clock: Clock,
}

impl Lanes {
    pub(crate) fn new(db: Db, storage: Storage, clock: Clock) -> Self {
        Self { db, storage, clock }
    }
}

/// What a lane keeps.
pub(crate) struct Lane {
    session: Session,
    habit: Habit,
}

impl Work for Lanes {
    type Ask = Ask;
    type Answer = Answer;
    type Session = Lane;

    fn row(&self, ask: &Ask) -> u128 {
        ask.key.0
    }

    async fn open(&self) -> Result<Lane> {
        let mut session = self.db.session().await?;
        session.look_up_by_key().await?;
        Ok(Lane { session, habit: Habit::default() })
    }

    async fn lost(&self, lane: &mut Lane) {
        lane.session.lost().await;
    }

    async fn flush(&self, lane: &mut Lane, asks: &[Ask], wait: Wait) -> Result<Vec<Answer>> {
        let Lane { session, habit } = lane;
        let mut statements = Statements::new(session, self.storage, &self.clock, wait);
        let mut answers = vec![None; asks.len()];
        // They came at the same time, so any order of the verbs is the order of their coming.
        // Nearly always all of them take.
        if asks.iter().any(|ask| ask.units().is_none()) {
            reset::flush(&mut statements, asks, &mut answers).await?;
            lease::flush(&mut statements, asks, &mut answers).await?;
            refund::flush(&mut statements, asks, &mut answers).await?;
            settle::flush(&mut statements, asks, &mut answers).await?;
            block::flush(&mut statements, asks, &mut answers).await?;
            permit::flush(&mut statements, asks, &mut answers).await?;
        }
        check::flush(&mut statements, asks, &mut answers, habit).await?;
        peek::flush(&mut statements, asks, &mut answers).await?;
        Ok(answers.into_iter().map(|answer| answer.expect("each verb answers its asks")).collect())
    }
}

/// How the verbs reach the table.
pub(crate) struct Statements<'a> {
    session: &'a mut Session,
    storage: Storage,
    clock: &'a Clock,
    wait: Wait,
}

impl Sql {
    pub(crate) const fn new(fast: &'static str) -> Self {
        Self { fast, durable: OnceLock::new() }
    }

    /// The statement over the table of that storage.
    pub(crate) fn on(&'static self, storage: Storage) -> &'static str {
        let for_durable = || self.fast.replace("s_fast", "s_durable");
        match storage {
            Storage::Fast => self.fast,
            Storage::Durable => self.durable.get_or_init(for_durable),
        }
    }
}

impl<'a> Statements<'a> {
    pub(crate) fn new(
        session: &'a mut Session,
        storage: Storage,
        clock: &'a Clock,
        wait: Wait,
    ) -> Self {
        Self { session, storage, clock, wait }
    }

    /// The same, over the other table.
    pub(crate) fn on(&mut self, storage: Storage) -> Statements<'_> {
        Statements { session: self.session, storage, clock: self.clock, wait: self.wait }
    }

    pub(crate) fn now_ns(&self) -> Option<i64> {
        self.clock.now_ns()
    }

    /// Runs the statements in one round trip.
    pub(crate) async fn run(
        &mut self,
        queries: &[(&'static Sql, &[Parameter<'_>])],
    ) -> Result<Vec<Vec<Row>>> {
        let on = |(sql, parameters): &(&'static Sql, _)| (sql.on(self.storage), *parameters);
        let queries: Vec<Query<'_>> = queries.iter().map(on).collect();
        self.pipeline(&queries).await
    }

    /// Whether several statements are one round trip.
    pub(crate) fn sends_together(&self) -> bool {
        self.session.sends_together()
    }

    /// The same for statements that are over a table already.
    pub(crate) async fn pipeline(&mut self, queries: &[Query<'_>]) -> Result<Vec<Vec<Row>>> {
        self.session.pipeline(queries, self.wait).await
    }
}

impl Ask {
    /// What it takes, in units; `None` if it does not take.
    pub(crate) fn units(&self) -> Option<i64> {
        match self.verb {
            Verb::Take { units } => Some(units),
            _ => None,
        }
    }
}

/// What a statement over windows of all kinds has to know of each.
#[derive(Debug, Default)]
pub(crate) struct Windows {
    /// Of a bucket and a calendar there is none.
    pub(crate) lengths_ns: Vec<Option<i64>>,
    pub(crate) slide: Vec<bool>,
    /// Of a calendar, when the period before this one ends, this one, and the next.
    pub(crate) before_ns: Vec<Option<i64>>,
    pub(crate) ends_ns: Vec<Option<i64>>,
    pub(crate) after_ns: Vec<Option<i64>>,
}

impl Windows {
    pub(crate) fn push(&mut self, window: Window) {
        let ends_ns = match window {
            Window::Calendar { ends_ns } => Some(ends_ns),
            _ => None,
        };
        self.lengths_ns.push(window.length_ns());
        self.slide.push(matches!(window, Window::Sliding { .. }));
        self.before_ns.push(ends_ns.map(|ends| ends[0]));
        self.ends_ns.push(ends_ns.map(|ends| ends[1]));
        self.after_ns.push(ends_ns.map(|ends| ends[2]));
    }
}

/// The state as the statements return it, and the time.
pub(crate) fn read(row: &Row) -> Result<(State, i64)> {
    let (spent_from, spent_to) = (row.try_get(0)?, row.try_get(1)?);
    let state = State {
        spent_from,
        spent_to,
        window_ends_ns: row.try_get(3)?,
        blocked_until_ns: row.try_get(4)?,
        lapses_at_ns: row.try_get(5)?,
        // Not all have it.
        previous: if row.len() > 6 { row.try_get::<_, Option<i64>>(6)?.unwrap_or(0) } else { 0 },
    };
    // A bucket's statement leaves the time out where the grant began with it.
    Ok((state, row.try_get::<_, Option<i64>>(2)?.unwrap_or(spent_from)))
}

impl Answer {
    pub(crate) fn standing(&self, terms: &Terms, source: Source) -> Standing {
        let left = available(self.held, self.now_ns, terms);
        let resets_at_ns = self.held.map_or(0, |held| held.resets_at_ns(terms));
        Standing {
            remaining: (left / terms.unit.get()).unsigned_abs(),
            reset_after: nanoseconds(resets_at_ns - self.now_ns),
            source,
        }
    }

    /// How long until so many units are there, if nobody takes from the key meanwhile.
    pub(crate) fn retry_after(&self, terms: &Terms, units: i64) -> Duration {
        nanoseconds(self.held.map_or(0, |held| wait_ns(held, self.now_ns, units, terms)))
    }
}

/// Nothing if they are less.
pub(crate) fn nanoseconds(ns: i64) -> Duration {
    Duration::from_nanos(ns.max(0).unsigned_abs())
}

/// A time as the statements have it, in ns since 1970.
pub(crate) fn since_epoch(time: SystemTime) -> i64 {
    after(0, time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default())
}

/// That long after an instant in ns.
pub(crate) fn after(then_ns: i64, since: Duration) -> i64 {
    then_ns.saturating_add(i64::try_from(since.as_nanos()).unwrap_or(i64::MAX))
}

impl Key {
    /// One that nobody else has.
    pub(crate) fn random() -> Self {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).expect("the system has randomness");
        Self(u128::from_be_bytes(bytes))
    }

    /// A quarter of it, as a number: a hash of the key, since all of it is one.
    pub(crate) fn part(self, quarter: usize) -> usize {
        let quarters: [u8; 16] = self.0.to_le_bytes();
        let (quarters, _) = quarters.as_chunks::<4>();
        u32::from_le_bytes(quarters[quarter]) as usize
    }
}

impl ToSql for Key {
    fn to_sql(
        &self,
        _: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn error::Error + Sync + Send>> {
        out.put_u128(self.0);
        Ok(IsNull::No)
    }

    fn accepts(ty: &Type) -> bool {
        *ty == Type::UUID
    }

    to_sql_checked!();
}

impl<'a> FromSql<'a> for Key {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn error::Error + Sync + Send>> {
        Ok(Self(u128::from_be_bytes(raw.try_into()?)))
    }

    fn accepts(ty: &Type) -> bool {
        *ty == Type::UUID
    }
}
