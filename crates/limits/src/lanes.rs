//! What the lanes do: everything that is asked of one storage, a statement for each verb.

use std::{error, sync::OnceLock, time::Duration};

use bytes::{BufMut as _, BytesMut};
use pgstead_store::{
    Clock, Db, Parameter, Query, Result, Session, Wait, Work,
    tokio_postgres::{
        Row,
        types::{IsNull, ToSql, Type, to_sql_checked},
    },
};

use crate::{
    Source, Standing,
    arithmetic::{State, Terms, available},
    check, peek, reset,
};

/// One of the two tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ask {
    pub(crate) key: Key,
    pub(crate) terms: Terms,
    pub(crate) verb: Verb,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verb {
    Take { units: i64 },
    Peek,
    Reset,
}

/// What came of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Answer {
    /// Whether the cost was taken.
    pub(crate) granted: bool,
    pub(crate) held: Option<State>,
    pub(crate) now_ns: i64,
}

/// The 128 bits that stand for a key of a policy.
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

impl Work for Lanes {
    type Ask = Ask;
    type Answer = Answer;
    type Session = Session;

    fn row(&self, ask: &Ask) -> u128 {
        ask.key.0
    }

    async fn open(&self) -> Result<Session> {
        self.db.session().await
    }

    async fn lost(&self, session: &mut Session) {
        session.lost().await;
    }

    async fn flush(&self, session: &mut Session, asks: &[Ask], wait: Wait) -> Result<Vec<Answer>> {
        let mut statements =
            Statements { session, storage: self.storage, clock: &self.clock, wait };
        let mut answers = vec![None; asks.len()];
        // They came at the same time, so any order of the verbs is the order of their coming.
        reset::flush(&mut statements, asks, &mut answers).await?;
        check::flush(&mut statements, asks, &mut answers).await?;
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
        let for_durable = || self.fast.replace("limits_fast", "limits_durable");
        match storage {
            Storage::Fast => self.fast,
            Storage::Durable => self.durable.get_or_init(for_durable),
        }
    }
}

impl Statements<'_> {
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
        self.session.pipeline(&queries, self.wait).await
    }
}

impl Ask {
    /// What it takes, in units; `None` if it does not take.
    pub(crate) fn units(&self) -> Option<i64> {
        match self.verb {
            Verb::Take { units } => Some(units),
            Verb::Peek | Verb::Reset => None,
        }
    }
}

/// The state as the statements return it, and the time.
pub(crate) fn read(row: &Row) -> Result<(State, i64)> {
    let state = State {
        spent_from: row.try_get(0)?,
        spent_to: row.try_get(1)?,
        window_ends_ns: row.try_get(3)?,
    };
    Ok((state, row.try_get(2)?))
}

impl Answer {
    pub(crate) fn standing(&self, terms: &Terms, source: Source) -> Standing {
        let left = available(self.held, self.now_ns, terms);
        let reset_after = self.held.map_or(0, |held| (held.resets_at_ns() - self.now_ns).max(0));
        Standing {
            remaining: (left / terms.unit.get()).unsigned_abs(),
            reset_after: Duration::from_nanos(reset_after.unsigned_abs()),
            source,
        }
    }

    /// How long until so many units are there, if nobody takes from the key meanwhile.
    pub(crate) fn retry_after(&self, terms: &Terms, units: i64) -> Duration {
        let Some(held) = self.held else {
            return Duration::ZERO;
        };
        let wait_ns = match held.window_ends_ns {
            Some(ends_ns) => ends_ns - self.now_ns,
            None => held.spent_to - self.now_ns + units - terms.capacity,
        };
        Duration::from_nanos(wait_ns.max(0).unsigned_abs())
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
