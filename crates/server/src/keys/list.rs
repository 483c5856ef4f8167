//! Lists the keys.

use pgstead_store::{
    Result,
    tokio_postgres::{Client, Row},
};

use super::{Hash, Key};

/// Every key, revoked ones too, the newest first.
pub async fn list(client: &Client) -> Result<Vec<Key>> {
    Ok(with_hashes(client).await?.into_iter().map(|(_, key)| key).collect())
}

pub(super) async fn with_hashes(client: &Client) -> Result<Vec<(Hash, Key)>> {
    let rows = client.query_typed(include_str!("../../sql/keys_list.sql"), &[]).await?;
    rows.iter().map(read).collect()
}

fn read(row: &Row) -> Result<(Hash, Key)> {
    let scopes: Vec<&str> = row.try_get("scopes")?;
    let hash: &[u8] = row.try_get("hash")?;
    let key = Key {
        id: row.try_get("id")?,
        name: row.try_get("name")?,
        // A scope that a newer pgstead knows permits nothing here.
        scopes: scopes.iter().filter_map(|scope| scope.parse().ok()).collect(),
        created_at: row.try_get("created_at")?,
        revoked_at: row.try_get("revoked_at")?,
    };
    // A hash of another length is nobody's.
    Ok((hash.try_into().unwrap_or_default(), key))
}
