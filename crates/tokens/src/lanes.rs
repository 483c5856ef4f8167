//! What the lanes do: everything that is asked about sessions, a statement for each verb.

use pgstead_store::{
    Clock, Db, Error, Parameter, Result, Session, Wait, Work,
    tokio_postgres::{Row, error::SqlState, types::Type},
};
use uuid::Uuid;

use crate::{
    exchange, issue,
    revoke::{self, Revocation},
    rotate::{self, Turn},
    session::{NewSession, RANDOM_BYTES},
    silence::Silence,
    verify::Verifier,
};

/// What a caller asks.
#[derive(Clone, Debug)]
pub(crate) enum Ask {
    /// In a box: asks are sorted, and this is the largest and rarest.
    Issue(Box<(NewSession, [u8; RANDOM_BYTES])>),
    /// `presented` is the number of the token.
    Rotate {
        session: Uuid,
        presented: i32,
    },
    /// A token of another system, by its SHA-256.
    Exchange {
        hash: [u8; 32],
        random_part: [u8; RANDOM_BYTES],
    },
    Revoke(Revocation),
}

/// What came of it.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    Issued(Live),
    Turn(Turn),
    /// Whether there was anything to revoke.
    Revoked(bool),
    /// Nothing was done, and it can be asked again: PostgreSQL has taken it back.
    Undone(Error),
}

/// A session that lives, as much of it as its tokens say.
#[derive(Clone, Debug)]
pub(crate) struct Live {
    pub(crate) session: Uuid,
    /// The number of its good refresh token.
    pub(crate) number: i32,
    pub(crate) user: Box<str>,
    pub(crate) tenant: Option<Box<str>>,
    pub(crate) grant: Option<Box<str>>,
    pub(crate) epoch: i64,
    pub(crate) expires_at_ns: i64,
    pub(crate) now_ns: i64,
}

/// How long sessions last.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_field_names, reason = "a number says its unit")]
pub(crate) struct Lifetimes {
    pub(crate) idle_ns: i64,
    pub(crate) absolute_ns: i64,
    pub(crate) grace_ns: i64,
}

#[derive(Debug)]
pub(crate) struct Lanes {
    pub(crate) db: Db,
    pub(crate) clock: Clock,
    pub(crate) lifetimes: Lifetimes,
    /// Knows when PostgreSQL was silent.
    pub(crate) verifier: Verifier,
}

/// How the verbs reach the tables.
pub(crate) struct Statements<'a> {
    session: &'a mut Session,
    clock: &'a Clock,
    wait: Wait,
    pub(crate) lifetimes: Lifetimes,
    pub(crate) silence: Silence,
}

impl Work for Lanes {
    type Ask = Ask;
    type Answer = Answer;
    type Session = Session;

    fn row(&self, ask: &Ask) -> u128 {
        match ask {
            Ask::Issue(new) => {
                let mut row = [0; 16];
                row[16 - RANDOM_BYTES..].copy_from_slice(&new.1);
                u128::from_be_bytes(row)
            }
            Ask::Rotate { session, .. } | Ask::Revoke(Revocation::Session(session)) => {
                session.as_u128()
            }
            Ask::Exchange { hash, .. } => {
                u128::from_be_bytes(hash[..16].try_into().expect("it is half of 32 bytes"))
            }
            // All of these are about one row, which counts them.
            Ask::Revoke(_) => 0,
        }
    }

    async fn open(&self) -> Result<Session> {
        let mut session = self.db.session().await?;
        session.look_up_by_key().await?;
        Ok(session)
    }

    async fn lost(&self, session: &mut Session) {
        session.lost().await;
    }

    async fn flush(&self, session: &mut Session, asks: &[Ask], wait: Wait) -> Result<Vec<Answer>> {
        let Self { clock, lifetimes, .. } = self;
        let silence = self.verifier.silence();
        let mut statements = Statements { session, clock, wait, lifetimes: *lifetimes, silence };
        let mut answers = vec![None; asks.len()];
        let mut undone = None;
        // Each verb's statements are transactions of their own: what one has done is done, whatever
        // becomes of the next.
        let mut or_undone = |done: Result<()>| match done {
            Err(error) if is_undone(&error) => {
                undone = Some(error);
                Ok(())
            }
            done => done,
        };
        // Revocations first: who asked at the same time gets nothing that is good any more.
        or_undone(revoke::flush(&mut statements, asks, &mut answers).await)?;
        or_undone(rotate::flush(&mut statements, asks, &mut answers).await)?;
        or_undone(exchange::flush(&mut statements, asks, &mut answers).await)?;
        or_undone(issue::flush(&mut statements, asks, &mut answers).await)?;
        let or_undone = |answer: Option<Answer>| {
            let undone = || Answer::Undone(undone.clone().expect("each verb answers its asks"));
            answer.unwrap_or_else(undone)
        };
        Ok(answers.into_iter().map(or_undone).collect())
    }
}

/// A partition is not there, or it was a statement's turn to give way to another process's: through a
/// transaction pooler PostgreSQL plans each anew, and not all lock rows in the same order then.
fn is_undone(error: &Error) -> bool {
    error.is_conflict() || is_unplaced(error)
}

/// A row would have gone into a partition that is not there: nobody has kept house for days, or
/// sessions last longer now.
pub(crate) fn is_unplaced(error: &Error) -> bool {
    error.sql_state() == Some(&SqlState::CHECK_VIOLATION)
}

impl Statements<'_> {
    /// Runs a statement whose last parameter is the time.
    pub(crate) async fn run(
        &mut self,
        sql: &'static str,
        parameters: &[Parameter<'_>],
    ) -> Result<Vec<Row>> {
        let now_ns = self.clock.now_ns();
        let mut all = Vec::with_capacity(parameters.len() + 1);
        all.extend_from_slice(parameters);
        all.push((&now_ns, Type::INT8));
        self.session.query(sql, &all, self.wait).await
    }
}

impl Live {
    /// From a row of the statements, which begin alike.
    pub(crate) fn read(row: &Row) -> Result<Self> {
        Ok(Self {
            session: row.try_get(0)?,
            number: row.try_get(1)?,
            user: row.try_get(2)?,
            tenant: row.try_get(3)?,
            grant: row.try_get(4)?,
            epoch: row.try_get(5)?,
            expires_at_ns: row.try_get(6)?,
            now_ns: row.try_get(7)?,
        })
    }
}
