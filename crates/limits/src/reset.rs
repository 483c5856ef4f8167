//! Gives a key back everything that it has taken.

use pgstead_store::{Parameter, Result, tokio_postgres::types::Type};

use crate::{
    Limits, Subject,
    lanes::{Answer, Ask, Key, Sql, Statements, Verb},
};

pub(crate) static RESET: Sql = Sql::new(include_str!("../sql/reset.sql"));

impl Limits {
    /// Makes the key as if nothing had ever been taken from it. Doing it twice does no more.
    pub async fn reset(&self, subject: &Subject) -> Result<()> {
        let Subject { policy, key } = subject;
        let ask = Ask { key: *key, terms: *policy.terms(), verb: Verb::Reset };
        self.side(policy).lanes.ask(ask, policy.timeout()).await?;
        Ok(())
    }
}

/// Does and answers the resets.
pub(crate) async fn flush(
    statements: &mut Statements<'_>,
    asks: &[Ask],
    answers: &mut [Option<Answer>],
) -> Result<()> {
    let resets: Vec<usize> = (0..asks.len()).filter(|at| asks[*at].verb == Verb::Reset).collect();
    if resets.is_empty() {
        return Ok(());
    }
    let keys: Vec<Key> = resets.iter().map(|at| asks[*at].key).collect();
    let parameters: [Parameter<'_>; 1] = [(&keys, Type::UUID_ARRAY)];
    statements.run(&[(&RESET, &parameters)]).await?;
    for at in resets {
        answers[at] = Some(Answer { granted: false, held: None, now_ns: 0 });
    }
    Ok(())
}
