//! Rotates a refresh token: whoever has it gets the next, and it is not good any more.
//!
//! One statement rotates, with the state test in its WHERE: of two who race for a session one gets
//! on. Whom it leaves out is told why by a second, and a token that was used before ends its session
//! by a third, with a state test of its own (RFC 9700, 4.14.2).

use std::collections::HashMap;

use pgstead_store::{
    Result,
    tokio_postgres::{Row, types::Type},
};
use uuid::Uuid;

use crate::{
    Issued, Tokens,
    lanes::{Answer, Ask, Live, Statements},
    revoke,
    secret::{PREFIX, Refresh},
    session::SessionId,
    silence::Silence,
};

pub(crate) const SQL: &str = include_str!("../sql/rotate.sql");
pub(crate) const CLASSIFY: &str = include_str!("../sql/classify.sql");

/// What came of a refresh token.
#[derive(Clone, Debug)]
#[non_exhaustive]
#[must_use]
pub enum Rotation {
    /// It was good. These are the next tokens.
    Rotated(Box<Issued>),
    /// It had been used a moment ago. These are the tokens that were made of it then.
    Graced(Box<Issued>),
    /// It had been used before: somebody else may have got hold of it. The session is over.
    Reused {
        /// The session.
        session: SessionId,
        /// Whose it was.
        user: String,
    },
    /// It was not used for too long, or the session has lasted as long as it may.
    Expired,
    /// The session, its user, its tenant or everybody was revoked.
    Revoked,
    /// It is none of ours.
    Unknown,
}

/// The same, before tokens are made of it.
#[derive(Clone, Debug)]
pub(crate) enum Turn {
    Rotated(Live),
    Graced(Live),
    Reused { session: Uuid, user: Box<str> },
    Expired,
    Revoked,
    Unknown,
}

/// How a session stands of which a token was not rotated.
struct Standing {
    /// None: there is no row.
    held: Option<Held>,
    now_ns: i64,
}

struct Held {
    live: Live,
    used_at_ns: i64,
    idle_until_ns: i64,
    is_revoked: bool,
}

/// Somebody who has presented a token.
#[derive(Clone, Copy)]
pub(crate) struct Presented {
    /// Who asked.
    pub(crate) index: usize,
    pub(crate) session: Uuid,
    pub(crate) number: i32,
}

/// What a standing says about a token.
enum Verdict {
    Is(Turn),
    /// Unless somebody else has by now.
    Revoke,
    /// It is good after all: the clock was set back meanwhile.
    Again,
}

impl Tokens {
    /// Gives the next tokens for a refresh token.
    ///
    /// When this fails, it is not known whether the token was rotated. Whoever presents it again
    /// within the grace is answered with the same successor.
    pub async fn refresh(&self, token: &str) -> Result<Rotation> {
        if !token.starts_with(PREFIX) {
            return Ok(self.rotation(self.exchange(token).await?));
        }
        let Some(refresh) = self.read_refresh(token) else { return Ok(Rotation::Unknown) };
        let Ok(presented) = i32::try_from(refresh.number) else { return Ok(Rotation::Unknown) };
        let turn = self.turn(Ask::Rotate { session: refresh.session.0, presented }).await?;
        Ok(self.rotation(turn))
    }

    /// What a refresh token says, if one of our keys has proven it.
    pub(crate) fn read_refresh(&self, token: &str) -> Option<Refresh> {
        self.secrets().read(token)
    }

    pub(crate) async fn turn(&self, ask: Ask) -> Result<Turn> {
        match self.ask(ask).await? {
            Answer::Turn(turn) => Ok(turn),
            other => unreachable!("asked to rotate, it answered {other:?}"),
        }
    }

    pub(crate) fn rotation(&self, turn: Turn) -> Rotation {
        match turn {
            Turn::Rotated(live) => Rotation::Rotated(Box::new(self.mint(&live))),
            Turn::Graced(live) => Rotation::Graced(Box::new(self.mint(&live))),
            Turn::Reused { session, user } => {
                Rotation::Reused { session: SessionId(session), user: user.into() }
            }
            Turn::Expired => Rotation::Expired,
            Turn::Revoked => Rotation::Revoked,
            Turn::Unknown => Rotation::Unknown,
        }
    }
}

pub(crate) async fn flush(
    statements: &mut Statements<'_>,
    asks: &[Ask],
    answers: &mut [Option<Answer>],
) -> Result<()> {
    let presented = asks.iter().enumerate().filter_map(|(index, ask)| match ask {
        Ask::Rotate { session, presented } => {
            Some(Presented { index, session: *session, number: *presented })
        }
        _ => None,
    });
    rotate(statements, presented.collect(), answers).await
}

/// Rotates what can be, and tells everybody else why not.
async fn rotate(
    statements: &mut Statements<'_>,
    mut waiting: Vec<Presented>,
    answers: &mut [Option<Answer>],
) -> Result<()> {
    // More than once only where a clock goes back and forth.
    for _ in 0..3 {
        if waiting.is_empty() {
            return Ok(());
        }
        try_to_rotate(statements, &mut waiting, answers).await?;
        classify(statements, &mut waiting, answers).await?;
    }
    for Presented { index, .. } in waiting {
        answers[index] = Some(Answer::Turn(Turn::Expired));
    }
    Ok(())
}

/// Of those who present tokens of one session the first with the newest is tried.
async fn try_to_rotate(
    statements: &mut Statements<'_>,
    waiting: &mut Vec<Presented>,
    answers: &mut [Option<Answer>],
) -> Result<()> {
    let mut tried: Vec<Presented> = Vec::with_capacity(waiting.len());
    for presented in waiting.iter() {
        match tried.last_mut() {
            Some(last) if last.session == presented.session => {
                if last.number < presented.number {
                    *last = *presented;
                }
            }
            _ => tried.push(*presented),
        }
    }
    let sessions: Vec<Uuid> = tried.iter().map(|presented| presented.session).collect();
    let numbers: Vec<i32> = tried.iter().map(|presented| presented.number).collect();
    let idle_ns = statements.lifetimes.idle_ns;
    let parameters = [
        (&sessions as _, Type::UUID_ARRAY),
        (&numbers as _, Type::INT4_ARRAY),
        (&idle_ns as _, Type::INT8),
    ];
    let rows = statements.run(SQL, &parameters).await?;
    for row in &rows {
        let live = Live::read(row)?;
        // They are sorted, and so are those that were tried.
        let at = tried
            .binary_search_by_key(&live.session, |presented| presented.session)
            .expect("only those that were asked for are rotated");
        answers[tried[at].index] = Some(Answer::Turn(Turn::Rotated(live)));
    }
    waiting.retain(|presented| answers[presented.index].is_none());
    Ok(())
}

/// Tells those who wait why their tokens were not rotated. Who is left is to try again.
pub(crate) async fn classify(
    statements: &mut Statements<'_>,
    waiting: &mut Vec<Presented>,
    answers: &mut [Option<Answer>],
) -> Result<()> {
    if waiting.is_empty() {
        return Ok(());
    }
    let mut sessions: Vec<Uuid> = waiting.iter().map(|presented| presented.session).collect();
    sessions.sort_unstable();
    sessions.dedup();
    let rows = statements.run(CLASSIFY, &[(&sessions, Type::UUID_ARRAY)]).await?;
    let standings =
        rows.iter().map(|row| Ok((row.try_get(0)?, Standing::read(row)?))).collect::<Result<_>>();
    let standings: HashMap<Uuid, Standing> = standings?;
    let mut reused: Vec<Presented> = Vec::new();
    for presented in waiting.iter() {
        let standing = &standings[&presented.session];
        match standing.verdict(*presented, statements.lifetimes.grace_ns, &statements.silence) {
            Verdict::Is(turn) => answers[presented.index] = Some(Answer::Turn(turn)),
            Verdict::Revoke => reused.push(*presented),
            Verdict::Again => {}
        }
    }
    reused.sort_unstable_by_key(|presented| (presented.session, presented.number));
    let mut once = reused.clone();
    once.dedup_by_key(|presented| presented.session);
    let tokens = once.iter().map(|presented| (presented.session, Some(presented.number))).collect();
    revoke::sessions(statements, tokens).await?;
    for Presented { index, session, .. } in reused {
        let held = standings[&session].held.as_ref().expect("it was found to be reused");
        // Whoever has ended it: a token that had been used was presented.
        let turn = Turn::Reused { session, user: held.live.user.clone() };
        answers[index] = Some(Answer::Turn(turn));
    }
    waiting.retain(|presented| answers[presented.index].is_none());
    Ok(())
}

impl Standing {
    fn read(row: &Row) -> Result<Self> {
        let now_ns = row.try_get(7)?;
        if row.try_get::<_, Option<i32>>(1)?.is_none() {
            return Ok(Self { held: None, now_ns });
        }
        let held = Held {
            live: Live::read(row)?,
            used_at_ns: row.try_get(8)?,
            idle_until_ns: row.try_get(9)?,
            is_revoked: row.try_get(10)?,
        };
        Ok(Self { held: Some(held), now_ns })
    }

    /// Pure: what it comes to.
    fn verdict(&self, presented: Presented, grace_ns: i64, silence: &Silence) -> Verdict {
        let Some(held) = &self.held else {
            // Its partition may have been dropped; its id says when it ended.
            let has_ended = SessionId(presented.session).expires_at_ns() <= self.now_ns;
            return Verdict::Is(if has_ended { Turn::Expired } else { Turn::Unknown });
        };
        if held.is_revoked {
            return Verdict::Is(Turn::Revoked);
        }
        if held.idle_until_ns <= self.now_ns {
            return Verdict::Is(Turn::Expired);
        }
        if held.live.number <= presented.number {
            return Verdict::Again;
        }
        // A clock that was set back makes it no longer than it is.
        let since_ns = silence.over_ns(held.used_at_ns, self.now_ns);
        let used_ns = self.now_ns.saturating_sub(since_ns).max(0);
        if held.live.number == presented.number + 1 && used_ns < grace_ns {
            return Verdict::Is(Turn::Graced(held.live.clone()));
        }
        Verdict::Revoke
    }
}
