//! Gives back some of what was taken.

use pgstead_store::{Parameter, Result, tokio_postgres::types::Type};

use crate::{
    Check, Limits,
    lanes::{Answer, Ask, Key, Sql, Statements, Verb},
};

pub(crate) static REFUND: Sql = Sql::new(include_str!("../sql/refund.sql"));

impl Limits {
    /// Gives the check's cost back, as when what it was for did not happen.
    ///
    /// To the window that is open now, or to the bucket; never more than had been taken. A bucket
    /// with a [`Lease`](crate::Lease) gets back nothing that is before the end of a lease. Doing it
    /// twice gives back twice.
    pub async fn refund(&self, check: &Check) -> Result<()> {
        let policy = self.policy_of(&check.subject);
        let units = policy.timeless_terms().units(check.cost);
        let key = check.subject.key;
        self.inner.ask(&policy, key, Verb::Refund { units }).await?;
        self.inner.given_back(key);
        Ok(())
    }
}

/// Does and answers the refunds; those of one key together.
pub(crate) async fn flush(
    statements: &mut Statements<'_>,
    asks: &[Ask],
    answers: &mut [Option<Answer>],
) -> Result<()> {
    let (mut keys, mut sums): (Vec<Key>, Vec<i64>) = (Vec::new(), Vec::new());
    for (ask, answer) in asks.iter().zip(answers) {
        let Verb::Refund { units } = ask.verb else { continue };
        match (keys.last(), sums.last_mut()) {
            (Some(last), Some(sum)) if *last == ask.key => *sum = sum.saturating_add(units),
            _ => {
                keys.push(ask.key);
                sums.push(units);
            }
        }
        *answer = Some(Answer { granted: true, held: None, now_ns: 0 });
    }
    if keys.is_empty() {
        return Ok(());
    }
    let now_ns = statements.now_ns();
    let parameters: [Parameter<'_>; 3] =
        [(&keys, Type::UUID_ARRAY), (&sums, Type::INT8_ARRAY), (&now_ns, Type::INT8)];
    statements.run(&[(&REFUND, &parameters)]).await?;
    Ok(())
}
