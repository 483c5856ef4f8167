//! Revokes a key.

use pgstead_store::{
    Result,
    tokio_postgres::{Client, types::Type},
};

/// Revokes the key. False when there is none of that id, or it has been revoked before.
///
/// Servers that listen refuse it at once, others within ten seconds.
pub async fn revoke(client: &Client, id: &str) -> Result<bool> {
    let sql = include_str!("../../sql/keys_revoke.sql");
    Ok(client.query_typed_opt(sql, &[(&id, Type::TEXT)]).await?.is_some())
}
