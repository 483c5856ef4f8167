//! Looks at a key without taking from it.

use pgstead_store::{Parameter, Result, tokio_postgres::types::Type};

use crate::{
    Algorithm, Limits, Source, Standing, Subject,
    lanes::{Answer, Ask, Key, Sql, Statements, Verb, read},
};

pub(crate) static PEEK: Sql = Sql::new(include_str!("../sql/peek.sql"));

impl Limits {
    /// Where the key stands. Nothing is taken.
    ///
    /// When PostgreSQL does not answer within the policy's timeout, this is an error: there is no
    /// rule for what is not known.
    pub async fn peek(&self, subject: &Subject) -> Result<Standing> {
        let policy = self.policy_of(subject);
        let verb = match policy.algorithm() {
            // It prolongs nobody's: the key's permits are counted in passing.
            Algorithm::Concurrency => Verb::Renew { permit: Key(0) },
            _ => Verb::Peek,
        };
        let answer = self.inner.ask(&policy, subject.key, verb).await?;
        Ok(answer.standing(policy.timeless_terms(), Source::Database))
    }
}

/// Answers those who peek.
pub(crate) async fn flush(
    statements: &mut Statements<'_>,
    asks: &[Ask],
    answers: &mut [Option<Answer>],
) -> Result<()> {
    let peeks: Vec<usize> = (0..asks.len()).filter(|at| asks[*at].verb == Verb::Peek).collect();
    if peeks.is_empty() {
        return Ok(());
    }
    let keys: Vec<Key> = peeks.iter().map(|at| asks[*at].key).collect();
    let now_ns = statements.now_ns();
    let parameters: [Parameter<'_>; 2] = [(&keys, Type::UUID_ARRAY), (&now_ns, Type::INT8)];
    let rows = statements.run(&[(&PEEK, &parameters)]).await?;
    for (at, row) in peeks.into_iter().zip(&rows[0]) {
        let held = match row.try_get::<_, Option<i64>>(0)? {
            Some(_) => Some(read(row)?.0),
            None => None,
        };
        answers[at] = Some(Answer { granted: false, held, now_ns: row.try_get(2)? });
    }
    Ok(())
}
