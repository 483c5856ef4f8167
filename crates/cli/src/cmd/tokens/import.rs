//! `pgstead tokens import`

use std::{
    fs::File,
    io::{BufRead as _, BufReader},
    path::Path,
    time::Duration,
};

use anyhow::{Context as _, Error, Result};
use jiff::Timestamp;
use pgstead_tokens::{Grant, Imported, NewSession, Tokens as Engine};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    cmd::Global,
    output::{Outcome, Wrong, say, say_json},
};

/// A line of the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    token: Option<String>,
    sha256: Option<String>,
    user: String,
    tenant: Option<String>,
    #[serde(default)]
    audience: Vec<String>,
    #[serde(default)]
    scopes: Vec<String>,
    #[serde(default)]
    claims: Map<String, Value>,
    expires_at: String,
}

#[derive(Serialize)]
struct Document {
    read: u64,
    imported: u64,
}

/// So many go into one statement.
const BATCH: usize = 1000;

pub(super) async fn run(tokens: &Engine, file: &Path, global: &Global) -> Result<Outcome> {
    let place = file.display();
    let opened = File::open(file).with_context(|| Wrong(format!("cannot read {place}")))?;
    // All of it is read before any of it is stored: a mistake in line 1000 leaves nothing half done.
    let mut lines = Vec::new();
    for (index, line) in BufReader::new(opened).lines().enumerate() {
        let line = line.with_context(|| Wrong(format!("cannot read {place}")))?;
        if !line.trim().is_empty() {
            let wrong = |why: String| Wrong(format!("{place}:{}: {why}", index + 1));
            lines.push(imported(&line).map_err(wrong)?);
        }
    }
    let mut stored = 0;
    for batch in lines.chunks(BATCH) {
        stored += tokens.import(batch).await?;
    }
    let document = Document { read: lines.len() as u64, imported: stored };
    if global.json {
        say_json(&document)?;
    } else {
        let Document { read, imported } = document;
        say(&format!("{imported} imported; {} were there already.", read - imported));
    }
    Ok(Outcome::Done)
}

/// What is wrong is told without the token.
fn imported(line: &str) -> Result<Imported, String> {
    let Line { token, sha256, user, tenant, audience, scopes, claims, expires_at } =
        serde_json::from_str(line).map_err(|error| Error::new(error).to_string())?;
    let mut session = NewSession::new(&user)
        .and_then(|new| new.grant(&Grant { audience, scopes, claims }))
        .map_err(|invalid| invalid.to_string())?;
    if let Some(tenant) = tenant {
        session = session.tenant(&tenant).map_err(|invalid| invalid.to_string())?;
    }
    let expires_at: Timestamp = expires_at.parse().map_err(|_| {
        format!("expires_at is {expires_at:?}, and has to be like \"2030-01-01T00:00:00Z\"")
    })?;
    let expires_at = u64::try_from(expires_at.as_microsecond()).unwrap_or_default();
    let expires_at = Duration::from_micros(expires_at);
    match (token, sha256) {
        (Some(token), None) => Ok(Imported::token(&token, session, expires_at)),
        (None, Some(hash)) => {
            let hash = hex(&hash).ok_or("sha256 has to be 64 hexadecimal digits")?;
            Ok(Imported::sha256(hash, session, expires_at))
        }
        _ => Err("a line has either token or sha256".to_owned()),
    }
}

fn hex(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (index, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[2 * index..2 * index + 2], 16).ok()?;
    }
    Some(bytes)
}
