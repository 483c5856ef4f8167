//! Gives back what reservations took that were not settled in time.

use pgstead_store::{Parameter, Result, tokio_postgres::types::Type};

use crate::lanes::{Answer, Key, Sql, Statements};

pub(crate) static LAPSE: Sql = Sql::new(include_str!("../sql/lapse.sql"));

/// Whether who is refused would be granted what lapses by now.
pub(crate) fn is_due(answer: &Answer) -> bool {
    let lapses_at_ns = answer.held.and_then(|held| held.lapses_at_ns);
    !answer.granted && lapses_at_ns.is_some_and(|lapses| lapses <= answer.now_ns)
}

/// Lets the reservations of these keys lapse, or of all there are, but no more than `most`.
pub(crate) async fn lapse(
    statements: &mut Statements<'_>,
    keys: Option<&[Key]>,
    most: i32,
) -> Result<()> {
    let now_ns = statements.now_ns();
    let parameters: [Parameter<'_>; 3] =
        [(&keys, Type::UUID_ARRAY), (&most, Type::INT4), (&now_ns, Type::INT8)];
    statements.run(&[(&LAPSE, &parameters)]).await?;
    Ok(())
}
