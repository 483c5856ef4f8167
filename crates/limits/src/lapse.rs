//! Gives back what reservations took that were not settled in time.

use pgstead_store::{Parameter, Result, tokio_postgres::types::Type};

use crate::{
    Inner,
    lanes::{Answer, Key, Sql, Statements, Storage},
};

pub(crate) static LAPSE: Sql = Sql::new(include_str!("../sql/lapse.sql"));

/// Reservations that a flush lets lapse. More of its keys lapse when the keeper comes by.
const MOST_OF_KEYS: i32 = 10_000;
/// Reservations that lapse in a step of the keeper's.
const MOST_OF_ALL: i32 = 1000;

/// What a step has let lapse.
pub(crate) struct Lapsed {
    /// How many keys got something back.
    pub(crate) keys: u64,
    /// Whether there may be more.
    pub(crate) has_more: bool,
}

/// Whether who is refused would be granted what lapses by now.
pub(crate) fn is_due(answer: &Answer) -> bool {
    let lapses_at_ns = answer.held.and_then(|held| held.lapses_at_ns);
    !answer.granted && lapses_at_ns.is_some_and(|lapses| lapses <= answer.now_ns)
}

/// Lets the reservations of these keys lapse whose time has come.
pub(crate) async fn lapse(statements: &mut Statements<'_>, keys: &[Key]) -> Result<()> {
    let now_ns = statements.now_ns();
    let parameters: [Parameter<'_>; 3] =
        [(&keys, Type::UUID_ARRAY), (&MOST_OF_KEYS, Type::INT4), (&now_ns, Type::INT8)];
    statements.run(&[(&LAPSE, &parameters)]).await?;
    Ok(())
}

impl Inner {
    /// Lets reservations lapse whose time has come, of whatever key.
    pub(crate) async fn lapse_due(&self, storage: Storage) -> Result<Lapsed> {
        let now_ns = self.clock.now_ns();
        let all: Option<Vec<Key>> = None;
        let parameters: [Parameter<'_>; 3] =
            [(&all, Type::UUID_ARRAY), (&MOST_OF_ALL, Type::INT4), (&now_ns, Type::INT8)];
        let client = self.db.client().await?;
        let row = client.query_typed_one(LAPSE.on(storage), &parameters).await?;
        drop(client);
        let (lapsed, keys): (i64, Vec<Key>) = (row.try_get(0)?, row.try_get(1)?);
        for key in &keys {
            self.given_back(*key);
        }
        Ok(Lapsed { keys: keys.len() as u64, has_more: lapsed == i64::from(MOST_OF_ALL) })
    }
}
