//! Prolongs claims.

use std::time::Duration;

use pgstead_store::{Parameter, Result, tokio_postgres::types::Type};

use crate::{
    claim::{Claim, On, milliseconds, split},
    texts::Texts,
};

/// Has claims, ascending, last for so long from now. Those that are not among what comes back are lost.
pub(crate) async fn extend(
    on: &mut On<'_>,
    texts: &'static Texts,
    claims: &[Claim],
    lease: Duration,
) -> Result<Vec<i64>> {
    let (ids, read_cts) = split(claims);
    let lease_ms = milliseconds(lease);
    let parameters: [Parameter<'_>; 3] =
        [(&ids, Type::INT8_ARRAY), (&read_cts, Type::INT4_ARRAY), (&lease_ms, Type::INT8)];
    let rows = on.run(texts.extend, &parameters).await?;
    Ok(rows.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?)
}
