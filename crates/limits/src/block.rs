//! Shuts a key for a time.

use std::time::Duration;

use pgstead_store::{Parameter, Result, tokio_postgres::types::Type};

use crate::{
    Limits, Source, Standing, Subject,
    lanes::{Answer, Ask, Key, Sql, Statements, Verb, read},
    notices::Notice,
    policy::ns,
};

pub(crate) static BLOCK: Sql = Sql::new(include_str!("../sql/block.sql"));

/// As good as for ever, and a bigint holds it.
const LONGEST: Duration = Duration::from_hours(24 * 366 * 100);

impl Limits {
    /// Has nothing granted from the key for that long, whatever there is; of an earlier block
    /// nothing is left, so that a time of zero lifts it. At most a century.
    ///
    /// What had been taken stays taken. Permits that are out stay out, and new ones are given:
    /// a block is for what is counted.
    pub async fn block(&self, subject: &Subject, time: Duration) -> Result<Standing> {
        let policy = self.policy_of(subject);
        let verb = Verb::Block { for_ns: ns(time.min(LONGEST)) };
        let answer = self.inner.ask(&policy, subject.key, verb).await?;
        self.inner.begins_anew(subject.key);
        self.inner.notices.send(Notice::Anew(subject.key));
        Ok(answer.standing(policy.timeless_terms(), Source::Database))
    }
}

/// Does and answers the blocks; of several of one key the last.
pub(crate) async fn flush(
    statements: &mut Statements<'_>,
    asks: &[Ask],
    answers: &mut [Option<Answer>],
) -> Result<()> {
    let is_block = |at: &usize| matches!(asks[*at].verb, Verb::Block { .. });
    let blocks: Vec<usize> = (0..asks.len()).filter(is_block).collect();
    if blocks.is_empty() {
        return Ok(());
    }
    let (mut keys, mut times): (Vec<Key>, Vec<i64>) = (Vec::new(), Vec::new());
    for at in &blocks {
        let Verb::Block { for_ns } = asks[*at].verb else { continue };
        if keys.last() == Some(&asks[*at].key) {
            keys.pop();
            times.pop();
        }
        keys.push(asks[*at].key);
        times.push(for_ns);
    }
    let now_ns = statements.now_ns();
    let parameters: [Parameter<'_>; 3] =
        [(&keys, Type::UUID_ARRAY), (&times, Type::INT8_ARRAY), (&now_ns, Type::INT8)];
    let rows = statements.run(&[(&BLOCK, &parameters)]).await?;
    for at in blocks {
        let row = keys.binary_search(&asks[at].key).expect("it has been asked for");
        let (state, now_ns) = read(&rows[0][row])?;
        answers[at] = Some(Answer { granted: true, held: Some(state), now_ns });
    }
    Ok(())
}
