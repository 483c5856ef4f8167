//! The same on Redis: a hash for each session, which a script rotates in one step, and tokens that are
//! minted and proven by the same code as ours.

use std::{sync::Arc, time::Duration};

use anyhow::{Context as _, Result, ensure};
use aws_lc_rs::signature::{ED25519, ParsedPublicKey};
use base64ct::{Base64UrlUnpadded, Encoding as _};
use pgstead_tokens::{Minter, SessionId};
use redis::aio::MultiplexedConnection;
use tokio::time::Instant;

use super::{
    DEAD, SESSIONS, Share, Slots, Turn, What, below,
    cleanup::once,
    library::{ISSUER, Library, any_user},
    put, take,
};
use crate::cmd::bench::{
    load::{Arm, Sample},
    redis::Redis,
};

/// As our sessions last by default.
const IDLE_MS: u64 = 30 * 86_400_000;
const ABSOLUTE: Duration = Duration::from_hours(90 * 24);
const GRACE_MS: u64 = 10_000;
/// Commands that are sent together where it is not measured one by one.
const BATCH: usize = 1000;

/// Session, number of its token, user; then when it ends, and how long it lasts unused.
const ISSUE: &str = "\
    redis.call('HSET', KEYS[1], 'gen', 0, 'user', ARGV[1], 'expires', ARGV[2], 'used', ARGV[4])\n\
    redis.call('PEXPIRE', KEYS[1], ARGV[3])\n\
    redis.call('SADD', KEYS[2], KEYS[1])\n\
    redis.call('PEXPIRE', KEYS[2], ARGV[3])\n\
    return 1";
/// Whom a session belongs to is deleted when it is revoked, so that there is nothing else to look at.
const ROTATE: &str = "\
    local session = redis.call('HMGET', KEYS[1], 'gen', 'user', 'expires', 'used')\n\
    if not session[1] then return {'unknown'} end\n\
    local gen, presented = tonumber(session[1]), tonumber(ARGV[1])\n\
    local time = redis.call('TIME')\n\
    local now = time[1] * 1000 + math.floor(time[2] / 1000)\n\
    if now >= tonumber(session[3]) then return {'expired'} end\n\
    if presented < gen then\n\
    \x20 if presented == gen - 1 and now - tonumber(session[4]) < tonumber(ARGV[3]) then\n\
    \x20   return {'graced', gen, session[2], session[3], now}\n\
    \x20 end\n\
    \x20 redis.call('DEL', KEYS[1])\n\
    \x20 return {'reused'}\n\
    end\n\
    redis.call('HSET', KEYS[1], 'gen', presented + 1, 'used', now)\n\
    redis.call('PEXPIRE', KEYS[1], ARGV[2])\n\
    return {'rotated', presented + 1, session[2], session[3], now}";
/// That all of a user's tokens from before are void, and a word to those who verify.
const REVOKE: &str = "\
    redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])\n\
    redis.call('PUBLISH', 'revoked', KEYS[1])\n\
    return 1";

/// Redis, with its sessions.
pub(super) struct Elsewhere {
    redis: Arc<Redis>,
    minter: Arc<Minter>,
    now: Duration,
}

pub(super) struct IssueElsewhere {
    on: Scripted,
}

pub(super) struct RefreshElsewhere {
    on: Scripted,
    pub(super) slots: Slots,
}

pub(super) struct RevokeElsewhere {
    on: Scripted,
}

/// Whether a session was revoked, asked once for each request.
pub(super) struct Blacklist {
    redis: Arc<Redis>,
    sessions: Vec<Box<str>>,
}

/// The signature alone.
pub(super) struct BareCurve {
    key: ParsedPublicKey,
    signed: Vec<(Box<str>, Vec<u8>)>,
}

/// Removes as many sessions as a day had.
pub(super) struct Unlink {
    redis: Arc<Redis>,
}

/// A script that is there under its hash.
struct Scripted {
    redis: Arc<Redis>,
    minter: Arc<Minter>,
    hash: String,
    now: Duration,
}

impl Elsewhere {
    pub(super) fn start(redis: Arc<Redis>, now: Duration) -> Self {
        Self { redis, minter: Arc::new(Minter::ephemeral(ISSUER)), now }
    }

    /// Who does it, and his turn.
    pub(super) async fn turn(
        &self,
        what: What,
        library: &Library,
    ) -> Result<(&'static str, Turn<'static>)> {
        const REDIS: &str = "redis";
        let redis = Arc::clone(&self.redis);
        Ok(match what {
            What::Issue => {
                let on = self.scripted(ISSUE).await?;
                (REDIS, Turn::IssueElsewhere(Arc::new(IssueElsewhere { on })))
            }
            What::Refresh => {
                let slots = self.sessions().await?;
                let on = self.scripted(ROTATE).await?;
                (REDIS, Turn::RefreshElsewhere(Arc::new(RefreshElsewhere { on, slots })))
            }
            What::RevokeUser => {
                let on = self.scripted(REVOKE).await?;
                (REDIS, Turn::RevokeElsewhere(Arc::new(RevokeElsewhere { on })))
            }
            What::VerifySeen => {
                let sessions = (0..SESSIONS).map(|number| format!("revoked:{number}").into());
                let sessions = sessions.collect();
                (REDIS, Turn::Blacklist(Arc::new(Blacklist { redis, sessions })))
            }
            What::VerifyNew => ("ed25519", Turn::BareCurve(Arc::new(BareCurve::new(library)?))),
            What::Cleanup => (REDIS, Turn::Unlink(Unlink { redis })),
        })
    }

    async fn scripted(&self, script: &str) -> Result<Scripted> {
        let Self { redis, minter, now } = self;
        let hash = redis.load(script).await?;
        Ok(Scripted { redis: Arc::clone(redis), minter: Arc::clone(minter), hash, now: *now })
    }

    /// As many as we have.
    async fn sessions(&self) -> Result<Slots> {
        let script = self.scripted(ISSUE).await?;
        let mut tokens = Vec::with_capacity(SESSIONS);
        let mut connection = self.redis.connection();
        for batch in 0..SESSIONS.div_ceil(BATCH) {
            let mut all = redis::pipe();
            for number in (batch * BATCH..SESSIONS).take(BATCH) {
                let (session, user) = (session(), any_user(number as u64));
                all.add_command(script.issue(session, &user)).ignore();
                let expires_at = self.now + ABSOLUTE;
                let issued = self.minter.mint(session, 0, &user, self.now, expires_at);
                tokens.push(issued.refresh_token.reveal().into());
            }
            all.exec_async(&mut connection).await?;
        }
        Ok(Slots::new(tokens))
    }
}

/// Its own id, as ours have theirs.
fn session() -> SessionId {
    SessionId::random()
}

impl Scripted {
    fn call(&self, keys: &[String]) -> redis::Cmd {
        let mut call = redis::cmd("EVALSHA");
        call.arg(&self.hash).arg(keys.len());
        for key in keys {
            call.arg(key);
        }
        call
    }

    fn issue(&self, session: SessionId, user: &str) -> redis::Cmd {
        let mut call = self.call(&[format!("session:{session}"), format!("sessions:{user}")]);
        let ms = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        call.arg(user).arg(ms(self.now + ABSOLUTE)).arg(IDLE_MS).arg(ms(self.now));
        call
    }
}

impl Arm for IssueElsewhere {
    type Caller = MultiplexedConnection;

    fn caller(&self) -> MultiplexedConnection {
        self.on.redis.connection()
    }

    async fn call(&self, connection: &mut MultiplexedConnection, number: u64) -> Result<()> {
        let Scripted { minter, now, .. } = &self.on;
        let (session, user) = (session(), any_user(number));
        let _: u32 = self.on.issue(session, &user).query_async(connection).await?;
        drop(minter.mint(session, 0, &user, *now, *now + ABSOLUTE));
        Ok(())
    }
}

impl Arm for RefreshElsewhere {
    type Caller = (MultiplexedConnection, Share);

    fn caller(&self) -> Self::Caller {
        (self.on.redis.connection(), self.slots.share())
    }

    async fn call(&self, (connection, share): &mut Self::Caller, number: u64) -> Result<()> {
        let minter = &self.on.minter;
        let slot = self.slots.pick(*share, number);
        let (session, presented) = minter.read(&take(slot)).context("it was minted here")?;
        let mut call = self.on.call(&[format!("session:{session}")]);
        call.arg(presented).arg(IDLE_MS).arg(GRACE_MS);
        let (outcome, next, user, expires_ms, now_ms): (String, u32, String, u64, u64) =
            call.query_async(connection).await?;
        ensure!(outcome == "rotated", "redis: {outcome}");
        let (now, expires_at) = (Duration::from_millis(now_ms), Duration::from_millis(expires_ms));
        put(slot, minter.mint(session, next, &user, now, expires_at).refresh_token.reveal());
        Ok(())
    }
}

impl Arm for RevokeElsewhere {
    type Caller = MultiplexedConnection;

    fn caller(&self) -> MultiplexedConnection {
        self.on.redis.connection()
    }

    async fn call(&self, connection: &mut MultiplexedConnection, number: u64) -> Result<()> {
        let mut call = self.on.call(&[format!("revoked:{}", any_user(number))]);
        call.arg(self.on.now.as_secs()).arg(IDLE_MS);
        let _: u32 = call.query_async(connection).await?;
        Ok(())
    }
}

impl Arm for Blacklist {
    type Caller = MultiplexedConnection;

    fn caller(&self) -> MultiplexedConnection {
        self.redis.connection()
    }

    async fn call(&self, connection: &mut MultiplexedConnection, number: u64) -> Result<()> {
        let session = &*self.sessions[below(number, self.sessions.len())];
        let is_revoked: bool = redis::cmd("EXISTS").arg(session).query_async(connection).await?;
        ensure!(!is_revoked, "redis: nobody was revoked");
        Ok(())
    }
}

impl BareCurve {
    fn new(library: &Library) -> Result<Self> {
        let keys = serde_json::to_value(library.tokens.verifier().jwks())?;
        let decode = |text: &str| anyhow::Ok(Base64UrlUnpadded::decode_vec(text)?);
        let signed: Result<Vec<_>> = library
            .access_tokens
            .iter()
            .map(|token| {
                let (signed, signature) = token.rsplit_once('.').context("a JWT has dots")?;
                Ok((signed.into(), decode(signature)?))
            })
            .collect();
        let signed: Vec<(Box<str>, Vec<u8>)> = signed?;
        // Of those that are published one has signed.
        let keys = keys.as_array().context("a set of keys")?.iter();
        for x in keys.filter_map(|key| key["x"].as_str()) {
            let key = ParsedPublicKey::new(&ED25519, decode(x)?)?;
            let (message, signature) = &signed[0];
            if key.verify_sig(message.as_bytes(), signature).is_ok() {
                return Ok(Self { key, signed });
            }
        }
        anyhow::bail!("no key that is published has signed")
    }
}

impl Arm for BareCurve {
    type Caller = ();

    fn caller(&self) {}

    async fn call(&self, (): &mut (), number: u64) -> Result<()> {
        let (message, signature) = &self.signed[below(number, self.signed.len())];
        Ok(self.key.verify_sig(message.as_bytes(), signature)?)
    }
}

impl Unlink {
    pub(super) async fn round(&self) -> Result<Sample> {
        let mut connection = self.redis.connection();
        let key = |number: usize| format!("dead:{number}");
        for batch in 0..DEAD.div_ceil(BATCH) {
            let mut all = redis::pipe();
            for number in batch * BATCH..(batch + 1) * BATCH {
                let mut set = redis::cmd("HSET");
                set.arg(key(number)).arg("gen").arg(7).arg("user").arg("user:1");
                all.add_command(set.arg("expires").arg(1).arg("used").arg(1).clone()).ignore();
            }
            all.exec_async(&mut connection).await?;
        }
        let began = Instant::now();
        for batch in 0..DEAD.div_ceil(BATCH) {
            let mut unlink = redis::cmd("UNLINK");
            for number in batch * BATCH..(batch + 1) * BATCH {
                unlink.arg(key(number));
            }
            let _: u64 = unlink.query_async(&mut connection).await?;
        }
        Ok(once(began.elapsed()))
    }
}
