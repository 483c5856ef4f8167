//! `pgstead tokens`

mod import;
mod keys;

use std::{
    io::{self, Read as _},
    net::IpAddr,
    path::PathBuf,
    time::Duration,
};

use anyhow::{Context as _, Error, Result};
use clap::{Args, Subcommand};
use comfy_table::{Table, presets::NOTHING};
use humantime::parse_duration;
use jiff::Timestamp;
use pgstead_server::{IssuedResponse, SessionResponse, SessionsResponse, introspection, timestamp};
use pgstead_tokens::{
    Device, Events, Grant, Inspection, Issued, NewSession, Rotation, Session, SessionId,
    Tokens as Engine,
};
use serde::Serialize;
use serde_json::{Map, Value};

use super::Global;
use crate::{
    config::Config,
    database::Database,
    output::{Outcome, Wrong, say, say_json},
    tokens,
};

#[derive(Debug, Subcommand)]
pub(crate) enum Tokens {
    /// Begin a session and print its tokens
    Issue(Issue),
    /// Use a refresh token and print the next tokens; exit status 1 if it is not good
    Refresh {
        /// The token, or - to read it from standard input
        token: String,
    },
    /// End sessions: one, or all of a user, of a tenant, or of everybody; exit status 1 if there is
    /// none
    Revoke(Revoke),
    /// Tell what a token or a session is worth; exit status 1 if nothing
    Inspect {
        /// A token of either kind, the id of a session, or - to read a token from standard input
        token: String,
    },
    /// List the sessions of a user
    List {
        /// Whose
        user: String,
    },
    /// List what has happened, the newest first
    Events {
        /// Of that user
        #[arg(long)]
        user: Option<String>,
        /// Of that session
        #[arg(long)]
        session: Option<SessionId>,
        /// Not longer ago than this
        #[arg(long, value_name = "TIME", default_value = "1day", value_parser = time)]
        since: Duration,
        /// At most so many
        #[arg(long, default_value_t = 100)]
        most: u32,
    },
    /// The keys that tokens are signed and proven with
    #[command(subcommand)]
    Keys(keys::Keys),
    /// Take over refresh tokens of another system, each of which is accepted once
    Import {
        /// Lines of JSON: token or sha256 (in hex), user, tenant, audience, scopes, claims, and
        /// `expires_at` (RFC 3339)
        file: PathBuf,
    },
    /// Make and drop partitions now, instead of when the servers come by
    Sweep,
}

#[derive(Args, Debug)]
pub(crate) struct Issue {
    /// Whose
    user: String,
    /// Of which tenant
    #[arg(long)]
    tenant: Option<String>,
    /// For whom its access tokens are; repeated or with commas
    #[arg(long, value_delimiter = ',')]
    audience: Vec<String>,
    /// What they permit; repeated or with commas
    #[arg(long = "scope", value_name = "SCOPE", value_delimiter = ',')]
    scopes: Vec<String>,
    /// What they say besides, as a JSON object
    #[arg(long, value_name = "JSON")]
    claims: Option<String>,
    /// What people call the device
    #[arg(long)]
    label: Option<String>,
    /// Where it is
    #[arg(long)]
    address: Option<IpAddr>,
}

#[derive(Args, Debug)]
#[group(required = true, multiple = false)]
pub(crate) struct Revoke {
    /// The id of a session, or a token of either kind
    session: Option<String>,
    /// All sessions of that user
    #[arg(long)]
    user: Option<String>,
    /// All sessions of that tenant
    #[arg(long)]
    tenant: Option<String>,
    /// All sessions
    #[arg(long)]
    everybody: bool,
}

#[derive(Serialize)]
struct Refused {
    error: &'static str,
}

#[derive(Serialize)]
struct Revoked {
    revoked: bool,
}

#[derive(Serialize)]
struct EventDocument {
    at: Timestamp,
    kind: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<String>,
}

#[derive(Serialize)]
struct EventsDocument {
    events: Vec<EventDocument>,
}

#[derive(Serialize)]
struct SweptDocument {
    made: u64,
    dropped: u64,
    pruned: u64,
}

impl Tokens {
    pub(crate) async fn run(self, global: &Global, config: &Config) -> Result<Outcome> {
        let database = Database::open(global, config).await?;
        let outcome = match tokens::open(&database, config, None).await {
            Ok(Some(tokens)) => self.ask(&tokens, global).await,
            Ok(None) => Err(Wrong(tokens::without_key()).into()),
            Err(error) => Err(error),
        };
        database.close().await;
        outcome
    }

    async fn ask(self, tokens: &Engine, global: &Global) -> Result<Outcome> {
        match self {
            Self::Issue(issue) => {
                tell_issued(&tokens.issue(&issue.session()?).await?, global)?;
                Ok(Outcome::Done)
            }
            Self::Refresh { token } => {
                tell_rotation(&tokens.refresh(&given(token)?).await?, global)
            }
            Self::Revoke(revoke) => revoke.ask(tokens, global).await,
            Self::Inspect { token } => inspect(tokens, &given(token)?, global).await,
            Self::List { user } => {
                NewSession::new(&user)?;
                let sessions = tokens.sessions(&user).await?;
                if global.json {
                    say_json(&SessionsResponse::new(sessions))?;
                } else {
                    say(&table(&sessions));
                }
                Ok(Outcome::Done)
            }
            Self::Events { user, session, since, most } => {
                let mut wanted = Events { user, session, ..Events::default() };
                wanted.since = tokens.now().await?.saturating_sub(since);
                tell_events(tokens, &wanted, most, global).await
            }
            Self::Keys(keys) => keys.ask(tokens, global).await,
            Self::Import { file } => import::run(tokens, &file, global).await,
            Self::Sweep => {
                let swept = tokens.keep_house().await?;
                let (made, dropped, pruned) = (swept.made, swept.dropped, swept.pruned);
                if global.json {
                    say_json(&SweptDocument { made, dropped, pruned })?;
                } else {
                    say(&format!(
                        "{made} partitions made, {dropped} dropped, {pruned} rows removed."
                    ));
                }
                Ok(Outcome::Done)
            }
        }
    }
}

fn time(text: &str) -> Result<Duration, String> {
    parse_duration(text).map_err(|error| format!("{error}; a time is like 90m or 2days"))
}

/// What stands on a command line is seen by everybody on the machine.
fn given(token: String) -> Result<String> {
    if token != "-" {
        return Ok(token);
    }
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).context("cannot read standard input")?;
    Ok(text.trim().to_owned())
}

impl Issue {
    fn session(self) -> Result<NewSession> {
        let Self { user, tenant, audience, scopes, claims, label, address } = self;
        let claims = claims.as_deref().map(object).transpose()?.unwrap_or_default();
        let mut new = NewSession::new(&user)?.grant(&Grant { audience, scopes, claims })?;
        if let Some(tenant) = tenant {
            new = new.tenant(&tenant)?;
        }
        Ok(new.device(Device { label, user_agent: None, address }))
    }
}

fn object(text: &str) -> Result<Map<String, Value>> {
    serde_json::from_str(text)
        .map_err(|error| Error::new(Wrong(format!("--claims is no JSON object: {error}"))))
}

impl Revoke {
    async fn ask(self, tokens: &Engine, global: &Global) -> Result<Outcome> {
        let revoked = match self {
            Self { session: Some(text), .. } => match text.parse::<SessionId>() {
                Ok(session) => tokens.revoke(session).await?,
                Err(_) => tokens.revoke_token(&given(text)?).await?,
            },
            Self { user: Some(user), .. } => {
                // Nobody can have been revoked by a name that nobody can have.
                NewSession::new(&user)?;
                tokens.revoke_user(&user).await?;
                true
            }
            Self { tenant: Some(tenant), .. } => {
                NewSession::new("any")?.tenant(&tenant)?;
                tokens.revoke_tenant(&tenant).await?;
                true
            }
            Self { .. } => {
                tokens.revoke_everybody().await?;
                true
            }
        };
        if global.json {
            say_json(&Revoked { revoked })?;
        } else if revoked {
            say("Revoked.");
        } else {
            say("There is no such session: it has ended, or never was.");
        }
        Ok(if revoked { Outcome::Done } else { Outcome::No })
    }
}

fn tell_issued(issued: &Issued, global: &Global) -> Result<()> {
    if global.json {
        return say_json(&IssuedResponse::new(issued));
    }
    say(&format!("Session:       {}", issued.session));
    say(&format!("Access token:  {}", issued.access_token.reveal()));
    say(&format!("Refresh token: {}", issued.refresh_token.reveal()));
    Ok(())
}

fn tell_rotation(rotation: &Rotation, global: &Global) -> Result<Outcome> {
    let (error, why_not) = match rotation {
        Rotation::Rotated(issued) | Rotation::Graced(issued) => {
            tell_issued(issued, global)?;
            return Ok(Outcome::Done);
        }
        Rotation::Reused { .. } => ("reused", "It had been used before. Its session is over."),
        Rotation::Expired => ("expired", "It has expired."),
        Rotation::Revoked => ("revoked", "Its session was revoked."),
        _ => ("unknown", "It is no refresh token of this database."),
    };
    if global.json {
        say_json(&Refused { error })?;
    } else {
        say(why_not);
    }
    Ok(Outcome::No)
}

async fn inspect(tokens: &Engine, text: &str, global: &Global) -> Result<Outcome> {
    if let Ok(session) = text.parse::<SessionId>() {
        let Some(session) = tokens.session(session).await? else {
            return nothing(global);
        };
        say_json(&SessionResponse::new(session))?;
        return Ok(Outcome::Done);
    }
    let inspection = tokens.inspect(text).await?;
    if matches!(inspection, Inspection::Inactive) {
        return nothing(global);
    }
    // People read it as well as programs do.
    say_json(&introspection(&inspection, tokens.verifier().issuer()))?;
    Ok(Outcome::Done)
}

fn nothing(global: &Global) -> Result<Outcome> {
    if global.json {
        say_json(&introspection(&Inspection::Inactive, ""))?;
    } else {
        say("It is worth nothing: expired, revoked, used, or none of this database.");
    }
    Ok(Outcome::No)
}

async fn tell_events(
    tokens: &Engine,
    wanted: &Events,
    most: u32,
    global: &Global,
) -> Result<Outcome> {
    let events = tokens.events(wanted, most).await?;
    let events: Vec<EventDocument> = events
        .into_iter()
        .map(|event| EventDocument {
            at: timestamp(event.at),
            kind: event.kind,
            session: event.session.map(|session| session.to_string()),
            user: event.user,
            scope: event.scope,
            subject: event.subject,
        })
        .collect();
    if global.json {
        say_json(&EventsDocument { events })?;
        return Ok(Outcome::Done);
    }
    let mut table = Table::new();
    table.load_style(NOTHING).set_header(["AT", "WHAT", "SESSION", "USER", "OF"]);
    for event in events {
        let of = match (event.scope, event.subject) {
            (Some(scope), Some(subject)) => format!("{scope} {subject}"),
            (scope, subject) => scope.or(subject).unwrap_or_default(),
        };
        let (session, user) = (event.session.unwrap_or_default(), event.user.unwrap_or_default());
        table.add_row([event.at.to_string(), event.kind, session, user, of]);
    }
    say(&table.trim_fmt());
    Ok(Outcome::Done)
}

fn table(sessions: &[Session]) -> String {
    let mut table = Table::new();
    table.load_style(NOTHING).set_header(["SESSION", "DEVICE", "ADDRESS", "BEGUN", "USED", "ENDS"]);
    for session in sessions {
        let device = &session.device;
        let label = device.label.as_ref().or(device.user_agent.as_ref());
        table.add_row([
            session.id.to_string(),
            label.cloned().unwrap_or_default(),
            device.address.map(|address| address.to_string()).unwrap_or_default(),
            timestamp(session.created_at).to_string(),
            timestamp(session.used_at).to_string(),
            timestamp(session.idle_until).to_string(),
        ]);
    }
    table.trim_fmt()
}
