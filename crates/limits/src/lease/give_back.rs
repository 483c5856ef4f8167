//! Gives back what is left of leases that have ended.

use futures_util::future::join_all;
use pgstead_store::{Chain, Parameter, Result, tokio_postgres::types::Type};
use tokio::time::timeout;
use tracing::debug;

use super::{Ended, IDLE, MOST_REFILLS, Piece};
use crate::{
    Inner,
    lanes::{Answer, Ask, Key, Sql, Statements, Storage, Verb},
};

pub(crate) static RETURN_LEASE: Sql = Sql::new(include_str!("../../sql/return_lease.sql"));

/// Leases that are given back in one go.
const AT_ONCE: usize = 1000;

impl Inner {
    /// Gives everything back and leases nothing any more.
    pub(crate) async fn end_leasing(&self) {
        let all = timeout(IDLE, self.leases.refills.acquire_many(MOST_REFILLS)).await;
        if let Ok(Ok(all)) = all {
            // Nobody gets one of them again.
            all.forget();
        } else {
            debug!("what is on its way cannot be waited for: it ends by itself");
        }
        self.return_leases(self.leases.take_all()).await;
    }

    /// Gives back what is left of leases.
    pub(crate) async fn return_leases(&self, ended: Vec<Ended>) {
        for some in ended.chunks(AT_ONCE) {
            // One piece of a key at a time, the last one first.
            let (firsts, seconds): (Vec<_>, Vec<_>) = some
                .iter()
                .enumerate()
                .partition(|(at, ended)| *at == 0 || some[at - 1].key != ended.key);
            for each in [firsts, seconds] {
                join_all(each.into_iter().map(|(_, ended)| self.return_one(*ended))).await;
            }
            for ended in some {
                self.given_back(ended.key);
            }
        }
    }

    async fn return_one(&self, Ended { key, terms, piece }: Ended) {
        let Piece { from, to, window_ends_ns, born_ns } = piece;
        let leased_to_ns = window_ends_ns.is_none().then_some(to);
        let verb = Verb::Return { units: to - from, window_ends_ns, leased_to_ns, born_ns };
        let ask = Ask { key, terms, verb, penalty: None };
        let side = self.side(Storage::Fast);
        if let Err(error) = side.lanes.ask(ask, IDLE).await {
            debug!(error = %Chain(&error), "a lease could not be given back: it ends by itself");
        }
    }
}

/// Does and answers the returns.
pub(crate) async fn flush(
    statements: &mut Statements<'_>,
    asks: &[Ask],
    answers: &mut [Option<Answer>],
) -> Result<()> {
    let (mut keys, mut left) = (Vec::<Key>::new(), Vec::new());
    let (mut ends, mut to, mut born) = (Vec::new(), Vec::new(), Vec::new());
    for (ask, answer) in asks.iter().zip(answers) {
        let Verb::Return { units, window_ends_ns, leased_to_ns, born_ns } = ask.verb else {
            continue;
        };
        // A second one of a key, of which there are none, is not given back.
        let is_first = keys.last() != Some(&ask.key);
        if is_first {
            keys.push(ask.key);
            left.push(units);
            ends.push(window_ends_ns);
            to.push(leased_to_ns);
            born.push(born_ns);
        }
        *answer = Some(Answer { granted: is_first, held: None, now_ns: 0 });
    }
    if keys.is_empty() {
        return Ok(());
    }
    let parameters: [Parameter<'_>; 5] = [
        (&keys, Type::UUID_ARRAY),
        (&left, Type::INT8_ARRAY),
        (&ends, Type::INT8_ARRAY),
        (&to, Type::INT8_ARRAY),
        (&born, Type::INT8_ARRAY),
    ];
    statements.run(&[(&RETURN_LEASE, &parameters)]).await?;
    Ok(())
}
