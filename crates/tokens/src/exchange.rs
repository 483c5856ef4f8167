//! Exchanges a refresh token of another system for a session of ours, once.
//!
//! To the session such a token is the one before its first: presented again within the grace it is
//! answered with the same tokens, and after that it ends the session.

use std::collections::HashMap;

use aws_lc_rs::digest;
use pgstead_store::{Result, tokio_postgres::types::Type};
use uuid::Uuid;

use crate::{
    Tokens,
    lanes::{Answer, Ask, Live, Statements},
    rotate::{Presented, Turn, classify},
    session::SessionId,
};

pub(crate) const SQL: &str = include_str!("../sql/exchange.sql");
pub(crate) const EXCHANGED: &str = include_str!("../sql/exchanged.sql");

/// The number before a session's first token.
const BEFORE_THE_FIRST: i32 = -1;
/// The most bytes of a token of another system.
const LONGEST: usize = 8192;

impl Tokens {
    /// PostgreSQL is only asked where tokens were ever imported.
    pub(crate) async fn exchange(&self, token: &str) -> Result<Turn> {
        if token.is_empty() || token.len() > LONGEST || !self.verifier().has_imported() {
            return Ok(Turn::Unknown);
        }
        let hash = sha256(token.as_bytes());
        self.turn(Ask::Exchange { hash, random_part: SessionId::random_part() }).await
    }
}

pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    let hash = digest::digest(&digest::SHA256, bytes);
    hash.as_ref().try_into().expect("SHA-256 has 32 bytes")
}

pub(crate) async fn flush(
    statements: &mut Statements<'_>,
    asks: &[Ask],
    answers: &mut [Option<Answer>],
) -> Result<()> {
    let mut waiting: Vec<(usize, &[u8])> = Vec::new();
    let (mut hashes, mut random_parts) = (Vec::<&[u8]>::new(), Vec::<&[u8]>::new());
    for (index, ask) in asks.iter().enumerate() {
        let Ask::Exchange { hash, random_part } = ask else { continue };
        waiting.push((index, hash));
        // They are sorted: those of one token stand together.
        if hashes.last() != Some(&&hash[..]) {
            hashes.push(hash);
            random_parts.push(random_part);
        }
    }
    if waiting.is_empty() {
        return Ok(());
    }
    let lifetimes = statements.lifetimes;
    let parameters = [
        (&hashes as _, Type::BYTEA_ARRAY),
        (&random_parts as _, Type::BYTEA_ARRAY),
        (&lifetimes.absolute_ns as _, Type::INT8),
        (&lifetimes.idle_ns as _, Type::INT8),
    ];
    for row in statements.run(SQL, &parameters).await? {
        let hash: &[u8] = row.try_get(8)?;
        let first = waiting.iter().find(|(_, asked)| *asked == hash);
        let (index, _) = first.expect("only those that were asked for are exchanged");
        answers[*index] = Some(Answer::Turn(Turn::Rotated(Live::read(&row)?)));
    }
    waiting.retain(|(index, _)| answers[*index].is_none());
    if waiting.is_empty() {
        return Ok(());
    }
    let hashes: Vec<&[u8]> = waiting.iter().map(|(_, hash)| *hash).collect();
    let rows = statements.run(EXCHANGED, &[(&hashes, Type::BYTEA_ARRAY)]).await?;
    let mut known: HashMap<&[u8], (Option<Uuid>, bool, bool)> = HashMap::new();
    for row in &rows {
        known.insert(row.try_get(0)?, (row.try_get(1)?, row.try_get(2)?, row.try_get(3)?));
    }
    let mut again = Vec::new();
    for (index, hash) in waiting {
        let turn = match known.get(hash) {
            Some((Some(session), ..)) => {
                again.push(Presented { index, session: *session, number: BEFORE_THE_FIRST });
                continue;
            }
            Some((None, _, true)) => Turn::Revoked,
            Some((None, true, _)) => Turn::Expired,
            // Imported a moment ago: who asks again is answered.
            Some((None, false, false)) | None => Turn::Unknown,
        };
        answers[index] = Some(Answer::Turn(turn));
    }
    classify(statements, &mut again, answers).await?;
    for Presented { index, .. } in again {
        // The session's first token is never before this one.
        answers[index] = Some(Answer::Turn(Turn::Unknown));
    }
    Ok(())
}
