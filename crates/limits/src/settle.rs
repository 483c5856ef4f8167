//! Ends a reservation with what it really cost.

use pgstead_store::{Parameter, Result, tokio_postgres::types::Type};

use crate::{
    Limits, ReservationId, Source, Standing,
    handle::Handle,
    lanes::{Answer, Ask, Key, Sql, Statements, Verb, Windows, read},
};

pub(crate) static SETTLE: Sql = Sql::new(include_str!("../sql/settle.sql"));

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Settlement {
    /// What was not used has been given back, and what was used beyond has been taken.
    Settled(Standing),
    /// There is no such reservation: it has been settled, it has lapsed, its key was reset, or its
    /// policy is not there.
    Unknown,
}

/// More than anybody uses, and a numeric of PostgreSQL's holds it times any unit.
const MOST_USED: u64 = 1_000_000_000_000;

impl Limits {
    /// Says what was really used of a reservation, at most 10¹², which ends it. Doing it twice does
    /// no more.
    ///
    /// What was not used is given back to the window that it was taken from, if that is still
    /// open, or to the bucket. What was used beyond is taken, whether there is so much or not: the
    /// key then owes it.
    pub async fn settle(&self, reservation: &ReservationId, used: u64) -> Result<Settlement> {
        let Handle { policy, key, id } = &reservation.0;
        let Some(policy) = self.policy(policy) else {
            return Ok(Settlement::Unknown);
        };
        let verb = Verb::Settle { reservation: *id, used: used.min(MOST_USED) };
        let answer = self.inner.ask(&policy, *key, verb).await?;
        if !answer.granted {
            return Ok(Settlement::Unknown);
        }
        self.inner.given_back(*key);
        Ok(Settlement::Settled(answer.standing(policy.timeless_terms(), Source::Database)))
    }
}

/// The parameters that are arrays, for one reservation of each key.
#[derive(Default)]
struct Given {
    asked_at: Vec<usize>,
    ids: Vec<Key>,
    keys: Vec<Key>,
    used: Vec<String>,
    windows: Windows,
}

/// Does and answers the settlements. A statement settles one reservation of each key.
pub(crate) async fn flush(
    statements: &mut Statements<'_>,
    asks: &[Ask],
    answers: &mut [Option<Answer>],
) -> Result<()> {
    let mut rounds: Vec<Given> = Vec::new();
    let mut same_key = (None, 0);
    for (at, ask) in asks.iter().enumerate() {
        let Verb::Settle { reservation, used } = ask.verb else { continue };
        same_key = match same_key {
            (Some(key), round) if key == ask.key => (Some(key), round + 1),
            _ => (Some(ask.key), 0),
        };
        if same_key.1 == rounds.len() {
            rounds.push(Given::default());
        }
        rounds[same_key.1].push(at, ask, reservation, used);
        answers[at] = Some(Answer { granted: false, held: None, now_ns: 0 });
    }
    for round in rounds {
        round.run(statements, answers).await?;
    }
    Ok(())
}

impl Given {
    fn push(&mut self, at: usize, ask: &Ask, reservation: Key, used: u64) {
        self.asked_at.push(at);
        self.ids.push(reservation);
        self.keys.push(ask.key);
        self.used.push(used.to_string());
        self.windows.push(ask.terms.window);
    }

    async fn run(
        &self,
        statements: &mut Statements<'_>,
        answers: &mut [Option<Answer>],
    ) -> Result<()> {
        let now_ns = statements.now_ns();
        let parameters: [Parameter<'_>; 9] = [
            (&self.ids, Type::UUID_ARRAY),
            (&self.keys, Type::UUID_ARRAY),
            (&self.used, Type::TEXT_ARRAY),
            (&self.windows.lengths_ns, Type::INT8_ARRAY),
            (&self.windows.slide, Type::BOOL_ARRAY),
            (&self.windows.before_ns, Type::INT8_ARRAY),
            (&self.windows.ends_ns, Type::INT8_ARRAY),
            (&self.windows.after_ns, Type::INT8_ARRAY),
            (&now_ns, Type::INT8),
        ];
        let rows = statements.run(&[(&SETTLE, &parameters)]).await?;
        for row in &rows[0] {
            let (state, now_ns) = read(row)?;
            let key: Key = row.try_get(7)?;
            let at = self.keys.binary_search(&key).expect("it has been asked for");
            let answer = Answer { granted: true, held: Some(state), now_ns };
            answers[self.asked_at[at]] = Some(answer);
        }
        Ok(())
    }
}
