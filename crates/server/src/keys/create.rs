//! Creates a key.

use pgstead_store::{
    Result,
    tokio_postgres::{Client, types::Type},
};

use super::{Scope, Secret};

/// Id of the key that the first start creates. Once it is there it is never created again, not even
/// when it has been revoked.
const FIRST: &str = "first";

/// Creates a key and says what it is: its id, and the secret, which cannot be had again.
pub async fn create(client: &Client, name: &str, scopes: &[Scope]) -> Result<(String, Secret)> {
    loop {
        let secret = Secret::generate();
        // Part of a hash says nothing about what was hashed.
        let hash = secret.hash();
        let (part, _) = hash.split_at(size_of::<u64>());
        let part = u64::from_be_bytes(part.try_into().expect("it was split there"));
        let id = format!("{:012x}", part >> 16);
        // One in 2⁴⁸ is taken.
        if store(client, &id, name, scopes, &secret).await? {
            return Ok((id, secret));
        }
    }
}

/// Creates an admin key if this has never been done before on this database.
pub async fn create_first(client: &Client) -> Result<Option<Secret>> {
    let secret = Secret::generate();
    let name = "created at the first start";
    let created = store(client, FIRST, name, &[Scope::Admin], &secret).await?;
    Ok(created.then_some(secret))
}

async fn store(
    client: &Client,
    id: &str,
    name: &str,
    scopes: &[Scope],
    secret: &Secret,
) -> Result<bool> {
    let scopes: Vec<&str> = scopes.iter().map(|scope| scope.as_str()).collect();
    let hash = secret.hash();
    let created = client
        .query_typed_opt(
            include_str!("../../sql/keys_create.sql"),
            &[
                (&id, Type::TEXT),
                (&name, Type::TEXT),
                (&hash.as_slice(), Type::BYTEA),
                (&scopes, Type::TEXT_ARRAY),
            ],
        )
        .await?;
    Ok(created.is_some())
}
