//! Revokes a session, or all of a user, of a tenant, or of everybody.
//!
//! All but the first raise an epoch, which is one row whatever the number of sessions. The number of
//! each revocation is taken under a lock that is kept until it is committed, so that whoever reads the
//! log in the order of the numbers misses none.

use std::collections::BTreeSet;

use pgstead_store::{Result, tokio_postgres::types::Type};
use uuid::Uuid;

use crate::{
    Tokens,
    lanes::{Answer, Ask, Statements},
    rotate::Turn,
    session::{SessionId, check_name},
};

pub(crate) const SESSIONS: &str = include_str!("../sql/revoke_sessions.sql");
pub(crate) const ALL: &str = include_str!("../sql/revoke_all.sql");

/// Whose sessions.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Revocation {
    Session(Uuid),
    User(Box<str>),
    Tenant(Box<str>),
    Everybody,
}

impl Tokens {
    /// Ends a session. Whether there was one.
    pub async fn revoke(&self, session: SessionId) -> Result<bool> {
        self.revoked(Revocation::Session(session.0)).await
    }

    /// Ends all sessions of a user, in constant time. One that begins while this runs may end too.
    pub async fn revoke_user(&self, user: &str) -> Result<()> {
        self.revoked(Revocation::User(user.into())).await.map(drop)
    }

    /// Ends all sessions of a tenant, in constant time.
    pub async fn revoke_tenant(&self, tenant: &str) -> Result<()> {
        self.revoked(Revocation::Tenant(tenant.into())).await.map(drop)
    }

    /// Ends all sessions, in constant time.
    pub async fn revoke_everybody(&self) -> Result<()> {
        self.revoked(Revocation::Everybody).await.map(drop)
    }

    /// Ends the session of a token, of either kind and for whomever (RFC 7009), or that of a token of
    /// another system. Whether there was one.
    pub async fn revoke_token(&self, token: &str) -> Result<bool> {
        let ours = self.read_refresh(token).map(|refresh| refresh.session);
        if let Some(session) = ours.or_else(|| self.verifier().session_of(token)) {
            return self.revoke(session).await;
        }
        // It is good no more once its session has begun, and that ends at once.
        match self.exchange(token).await? {
            Turn::Rotated(live) | Turn::Graced(live) => self.revoke(SessionId(live.session)).await,
            _ => Ok(false),
        }
    }

    async fn revoked(&self, revocation: Revocation) -> Result<bool> {
        let has_no_session = match &revocation {
            Revocation::User(user) => check_name("user", user).is_err(),
            Revocation::Tenant(tenant) => check_name("tenant", tenant).is_err(),
            Revocation::Session(_) | Revocation::Everybody => false,
        };
        if has_no_session {
            return Ok(false);
        }
        match self.ask(Ask::Revoke(revocation)).await? {
            Answer::Revoked(revoked) => {
                // Here it counts at once.
                self.verifier().look();
                Ok(revoked)
            }
            other => unreachable!("asked to revoke, it answered {other:?}"),
        }
    }
}

pub(crate) async fn flush(
    statements: &mut Statements<'_>,
    asks: &[Ask],
    answers: &mut [Option<Answer>],
) -> Result<()> {
    let mut of_sessions = Vec::new();
    let (mut of_more, mut who_of_more) = (BTreeSet::new(), Vec::new());
    for (index, ask) in asks.iter().enumerate() {
        let Ask::Revoke(revocation) = ask else { continue };
        let (scope, subject) = match revocation {
            Revocation::Session(session) => {
                of_sessions.push((index, *session));
                continue;
            }
            Revocation::User(user) => ("user", &**user),
            Revocation::Tenant(tenant) => ("tenant", &**tenant),
            Revocation::Everybody => ("everybody", ""),
        };
        of_more.insert((scope, subject));
        who_of_more.push(index);
    }
    if !of_sessions.is_empty() {
        let mut once: Vec<_> = of_sessions.iter().map(|(_, session)| (*session, None)).collect();
        once.dedup();
        let ended = sessions(statements, once).await?;
        for (index, session) in of_sessions {
            answers[index] = Some(Answer::Revoked(ended.contains(&session)));
        }
    }
    if !of_more.is_empty() {
        let (scopes, subjects): (Vec<&str>, Vec<&str>) = of_more.into_iter().unzip();
        let parameters = [(&scopes as _, Type::TEXT_ARRAY), (&subjects as _, Type::TEXT_ARRAY)];
        statements.run(ALL, &parameters).await?;
        for index in who_of_more {
            answers[index] = Some(Answer::Revoked(true));
        }
    }
    Ok(())
}

/// Ends sessions, each once and in order; those with a number because that token was used again. Says
/// which have lived.
pub(crate) async fn sessions(
    statements: &mut Statements<'_>,
    tokens: Vec<(Uuid, Option<i32>)>,
) -> Result<BTreeSet<Uuid>> {
    if tokens.is_empty() {
        return Ok(BTreeSet::new());
    }
    let (sessions, numbers): (Vec<Uuid>, Vec<Option<i32>>) = tokens.into_iter().unzip();
    let parameters = [(&sessions as _, Type::UUID_ARRAY), (&numbers as _, Type::INT4_ARRAY)];
    let rows = statements.run(SESSIONS, &parameters).await?;
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}
