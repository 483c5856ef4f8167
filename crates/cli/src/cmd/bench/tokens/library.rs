//! pgstead's side: the library, in this process.

use std::{sync::Arc, time::Duration};

use anyhow::{Result, bail, ensure};
use pgstead_store::{Clock, Db, ManualClock};
use pgstead_tokens::{
    Config, Issued, KeyEncryptionKey, NewSession, Rotation, Tokens, Verification, Verifier,
    VerifierConfig,
};
use tokio::task::JoinSet;

use super::{Cleanup, DAYS, SESSIONS, Share, Slots, TOKENS, Turn, What, below, put, take};
use crate::cmd::bench::load::Arm;

pub(super) const ISSUER: &str = "https://auth.example.com";
/// How many begin sessions at once where it is not measured.
const TOGETHER: usize = 500;

/// The sessions.
pub(super) struct Library {
    pub(super) db: Db,
    pub(super) kek: KeyEncryptionKey,
    pub(super) tokens: Tokens,
    /// When it was started, by PostgreSQL.
    pub(super) now: Duration,
    slots: Arc<Slots>,
    /// To verify.
    pub(super) access_tokens: Vec<Box<str>>,
}

pub(super) struct Issue {
    tokens: Tokens,
}

pub(super) struct Refresh {
    tokens: Tokens,
    pub(super) slots: Arc<Slots>,
}

pub(super) struct Verify {
    verifier: Verifier,
    tokens: Vec<Box<str>>,
}

pub(super) struct RevokeUser {
    tokens: Tokens,
}

impl Library {
    pub(super) async fn start(db: &Db, with_sessions: bool) -> Result<Self> {
        let kek = KeyEncryptionKey::generate();
        let tokens = Tokens::open(db, Config::new(ISSUER, kek.clone())).await?;
        let now = tokens.now().await?;
        let issued = issue(&tokens, TOKENS).await?;
        let access_tokens =
            issued.into_iter().map(|issued| issued.access_token.reveal().into()).collect();
        let refresh_tokens =
            if with_sessions { sessions(db, &kek, now).await? } else { Vec::new() };
        // As it does every ten minutes.
        tokens.keep_house().await?;
        let slots = Arc::new(Slots::new(refresh_tokens));
        Ok(Self { db: db.clone(), kek, tokens, now, slots, access_tokens })
    }

    /// What is asked in a scenario.
    pub(super) async fn turn(&self, what: What) -> Result<Turn<'_>> {
        let tokens = self.tokens.clone();
        Ok(match what {
            What::Issue => Turn::Issue(Arc::new(Issue { tokens })),
            What::Refresh => {
                Turn::Refresh(Arc::new(Refresh { tokens, slots: Arc::clone(&self.slots) }))
            }
            What::VerifyNew => {
                let mut config = VerifierConfig::new(ISSUER);
                config.remembered = 1;
                let verifier = Verifier::open(&self.db, config).await?;
                Turn::Verify(Arc::new(Verify { verifier, tokens: self.access_tokens.clone() }))
            }
            What::VerifySeen => {
                let verifier = tokens.verifier().clone();
                Turn::Verify(Arc::new(Verify { verifier, tokens: self.access_tokens.clone() }))
            }
            What::RevokeUser => Turn::RevokeUser(Arc::new(RevokeUser { tokens })),
            What::Cleanup => Turn::Cleanup(Cleanup::new(self)),
        })
    }
}

/// Sessions that began one day after another, and end so.
async fn sessions(db: &Db, kek: &KeyEncryptionKey, now: Duration) -> Result<Vec<Box<str>>> {
    let mut refresh_tokens = Vec::with_capacity(SESSIONS);
    for day in 0..DAYS {
        let began = now.saturating_sub(Duration::from_hours(24) * day);
        let mut config = Config::new(ISSUER, kek.clone());
        // None is idle for too long before it is refreshed.
        config.idle_ttl = config.absolute_ttl;
        config.verifier.clock = Clock::Manual(ManualClock::new(began));
        let tokens = Tokens::open(db, config).await?;
        for issued in issue(&tokens, SESSIONS / DAYS as usize).await? {
            refresh_tokens.push(issued.refresh_token.reveal().into());
        }
    }
    Ok(refresh_tokens)
}

async fn issue(tokens: &Tokens, count: usize) -> Result<Vec<Issued>> {
    let mut tasks = JoinSet::new();
    for part in 0..TOGETHER {
        let tokens = tokens.clone();
        tasks.spawn(async move {
            let mut issued = Vec::new();
            for number in (part..count).step_by(TOGETHER) {
                issued.push(tokens.issue(&NewSession::new(&user(number))?).await?);
            }
            anyhow::Ok(issued)
        });
    }
    let mut all = Vec::with_capacity(count);
    while let Some(issued) = tasks.join_next().await {
        all.extend(issued??);
    }
    Ok(all)
}

/// One of so many users, by a number.
pub(super) fn any_user(number: u64) -> String {
    user(below(number, SESSIONS))
}

fn user(number: usize) -> String {
    format!("user:{number}")
}

impl Arm for Issue {
    type Caller = ();

    fn caller(&self) {}

    async fn call(&self, (): &mut (), number: u64) -> Result<()> {
        self.tokens.issue(&NewSession::new(&any_user(number))?).await?;
        Ok(())
    }
}

impl Arm for Refresh {
    type Caller = Share;

    fn caller(&self) -> Share {
        self.slots.share()
    }

    async fn call(&self, share: &mut Share, number: u64) -> Result<()> {
        let slot = self.slots.pick(*share, number);
        match self.tokens.refresh(&take(slot)).await? {
            Rotation::Rotated(issued) => put(slot, issued.refresh_token.reveal()),
            other => bail!("pgstead: a good token was not rotated: {other:?}"),
        }
        Ok(())
    }
}

impl Arm for Verify {
    type Caller = ();

    fn caller(&self) {}

    async fn call(&self, (): &mut (), number: u64) -> Result<()> {
        let token = &self.tokens[below(number, self.tokens.len())];
        let verification = self.verifier.verify(token);
        ensure!(matches!(verification, Verification::Valid(_)), "pgstead: {verification:?}");
        Ok(())
    }
}

impl Arm for RevokeUser {
    type Caller = ();

    fn caller(&self) {}

    async fn call(&self, (): &mut (), number: u64) -> Result<()> {
        Ok(self.tokens.revoke_user(&any_user(number)).await?)
    }
}
