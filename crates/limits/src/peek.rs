//! Looks at a key without taking from it.

use pgstead_store::{
    Parameter, Result,
    tokio_postgres::{Row, types::Type},
};

use crate::{
    Limits, Source, Standing, Subject,
    arithmetic::{State, Window},
    lanes::{Answer, Ask, Key, Sql, Statements, Verb, read},
};

pub(crate) static PEEK: Sql = Sql::new(include_str!("../sql/peek.sql"));
pub(crate) static PEEK_PERMITS: Sql = Sql::new(include_str!("../sql/peek_permits.sql"));

impl Limits {
    /// Where the key stands. Nothing is taken.
    ///
    /// When PostgreSQL does not answer within the policy's timeout, this is an error: there is no
    /// rule for what is not known.
    pub async fn peek(&self, subject: &Subject) -> Result<Standing> {
        let policy = self.policy_of(subject);
        let answer = self.inner.ask(&policy, subject.key, Verb::Peek).await?;
        Ok(answer.standing(policy.timeless_terms(), Source::Database))
    }
}

/// Answers those who peek.
pub(crate) async fn flush(
    statements: &mut Statements<'_>,
    asks: &[Ask],
    answers: &mut [Option<Answer>],
) -> Result<()> {
    let is_of_permits = |at: &usize| matches!(asks[*at].terms.window, Window::Permits { .. });
    let peeks = (0..asks.len()).filter(|at| asks[*at].verb == Verb::Peek);
    let (of_permits, of_limits): (Vec<usize>, Vec<usize>) = peeks.partition(is_of_permits);
    for (at, row) in look(statements, &PEEK, asks, of_limits).await? {
        let held = match row.try_get::<_, Option<i64>>(0)? {
            Some(_) => Some(read(&row)?.0),
            None => None,
        };
        answers[at] = Some(Answer { granted: false, held, now_ns: row.try_get(2)? });
    }
    for (at, row) in look(statements, &PEEK_PERMITS, asks, of_permits).await? {
        let (spent_to, window_ends_ns) = (row.try_get(0)?, row.try_get(2)?);
        let held = Some(State { spent_to, window_ends_ns, ..State::default() });
        answers[at] = Some(Answer { granted: false, held, now_ns: row.try_get(1)? });
    }
    Ok(())
}

/// The row of each of those who peek.
async fn look(
    statements: &mut Statements<'_>,
    sql: &'static Sql,
    asks: &[Ask],
    peeks: Vec<usize>,
) -> Result<Vec<(usize, Row)>> {
    if peeks.is_empty() {
        return Ok(Vec::new());
    }
    let keys: Vec<Key> = peeks.iter().map(|at| asks[*at].key).collect();
    let now_ns = statements.now_ns();
    let parameters: [Parameter<'_>; 2] = [(&keys, Type::UUID_ARRAY), (&now_ns, Type::INT8)];
    let rows = statements.run(&[(sql, &parameters)]).await?;
    Ok(peeks.into_iter().zip(rows.into_iter().flatten()).collect())
}
