//! Gives a key back everything that it has taken.

use std::sync::Arc;

use pgstead_store::{Parameter, Result, tokio_postgres::types::Type};

use crate::{
    Inner, Limits, Subject,
    lanes::{Answer, Ask, Key, Sql, Statements, Verb},
    lease::Ended,
    notices::Notice,
};

pub(crate) static RESET: Sql = Sql::new(include_str!("../sql/reset.sql"));

impl Limits {
    /// Makes the key as if nothing had ever been taken from it, nor a block laid on it; its
    /// reservations are void, and its permits are taken back. Doing it twice does no more.
    pub async fn reset(&self, subject: &Subject) -> Result<()> {
        let policy = self.policy_of(subject);
        self.inner.ask(&policy, subject.key, Verb::Reset).await?;
        self.inner.begins_anew(subject.key);
        self.inner.notices.send(Notice::Anew(subject.key));
        Ok(())
    }
}

impl Inner {
    /// A key was reset or blocked, by whomever.
    pub(crate) fn begins_anew(self: &Arc<Self>, key: Key) {
        self.denied.forget(key);
        self.end_leases(self.leases.take_one(key));
    }

    /// All keys may have been reset or blocked, for all this process knows.
    pub(crate) fn all_begin_anew(self: &Arc<Self>) {
        self.denied.forget_all();
        self.end_leases(self.leases.take_all());
    }

    /// Gives leases back, beside whatever goes on: to rows that are still those they were taken from.
    fn end_leases(self: &Arc<Self>, ended: Vec<Ended>) {
        if !ended.is_empty() {
            let inner = Arc::clone(self);
            tokio::spawn(async move { inner.return_leases(ended).await });
        }
    }

    /// A key has been given something back by this process.
    pub(crate) fn given_back(&self, key: Key) {
        self.denied.forget(key);
        self.notices.send(Notice::More(key));
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
        answers[at] = Some(Answer { granted: true, held: None, now_ns: 0 });
    }
    Ok(())
}
