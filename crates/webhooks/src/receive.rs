//! Webhooks of others: verified, and made jobs of a queue.
//!
//! What counts is the body as it came. A signature is verified before anything else is looked at, in constant
//! time, and without PostgreSQL: whoever cannot sign costs nothing. An event that comes again is one job. Who
//! is told that it was accepted can forget it: it is on the disk.

use std::{
    collections::{BTreeMap, HashMap},
    error, fmt,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, SystemTime},
};

use aws_lc_rs::{digest, hmac};
use base64ct::{Base64, Encoding as _};
use http::{HeaderMap, HeaderName};
use pgstead_queue::{JobId, NewJob, Queue, QueueName, Queues, SendError, unkeepable};
use pgstead_store::{Db, Result};
use serde::{Deserialize, Serialize};
use serde_json::{Value, value::RawValue};
use tokio::time::Instant;

use crate::{
    sign::{Verifier, hex, unhex},
    sweep::NOW,
};

/// Somebody who sends webhooks, and what is made of them.
#[derive(Clone)]
#[non_exhaustive]
pub struct Source {
    /// How what he sends is signed.
    pub scheme: Scheme,
    /// With what: several while one follows another. A public key, `whpk_…`, is one of Standard Webhooks.
    pub secrets: Vec<String>,
    /// How old, or how far ahead, what is signed with a time may be. 1 s to a day. Default: 5 min.
    pub tolerance: Duration,
    /// Where an event's id is, by which it is one job however often it comes. Default: where the scheme has it;
    /// plain HMAC has none.
    pub dedupe: Option<Dedupe>,
    /// For how long an id is remembered. 1 s to 366 days. Default: 7 days.
    pub remember: Duration,
    /// Whose jobs they become.
    pub queue: QueueName,
}

/// How something is signed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Scheme {
    /// Standard Webhooks 1.0: `webhook-id`, `webhook-timestamp`, `webhook-signature`; also as Svix has it, `svix-…`.
    Standard,
    /// `X-Hub-Signature-256`.
    GitHub,
    /// `Stripe-Signature`.
    Stripe,
    /// HMAC-SHA-256 over the body, in a header of that name.
    Hmac {
        /// Which header.
        header: String,
        /// How the digits are written.
        encoding: Encoding,
        /// What stands before them, such as `sha256=`.
        prefix: String,
    },
}

/// How bytes are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Encoding {
    /// In hexadecimal.
    Hex,
    /// In base64, padded.
    Base64,
}

/// Where an event's id is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Dedupe {
    /// In that header.
    Header(String),
    /// At that place of the body (RFC 6901): `/data/id`.
    Pointer(String),
}

/// A source that cannot be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidSource {
    /// Which.
    pub source: String,
    /// The field.
    pub field: &'static str,
    /// What it must be.
    pub must: &'static str,
}

/// What came of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Receipt {
    /// It is a job now.
    Accepted(JobId),
    /// It was one already.
    Duplicate(JobId),
    /// It is not from whom it should be, or cannot be taken.
    Refused(Refusal),
    /// There is no such source.
    Unknown,
}

/// Why a request was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// A header that the scheme needs is missing, or has the wrong form.
    Unsigned,
    /// The signature is of another secret, or of another body.
    Signature,
    /// It was signed too long ago, or in the future.
    Stale,
    /// It has no id where one was configured to be.
    NoId,
}

/// How many requests of a source there were since the process began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counts {
    /// They became jobs.
    pub accepted: u64,
    /// They had been jobs already.
    pub duplicates: u64,
    /// They were refused.
    pub refused: u64,
}

/// What a job is that was a webhook.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Received {
    /// From which source.
    pub source: String,
    /// Its id, where the source has one.
    pub id: Option<String>,
    /// The headers that say something about it, their names in lower case.
    pub headers: BTreeMap<String, String>,
    /// The body, if it is JSON that PostgreSQL keeps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub json: Option<Box<RawValue>>,
    /// Else the body in base64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base64: Option<String>,
}

/// Receives webhooks. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Receiver {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    db: Db,
    queues: Queues,
    sources: HashMap<String, Known>,
    /// The time by PostgreSQL, and when it was that.
    time: Mutex<Option<(SystemTime, Instant)>>,
}

struct Known {
    source: Source,
    keys: Vec<Key>,
    accepted: AtomicU64,
    duplicates: AtomicU64,
    refused: AtomicU64,
}

enum Key {
    Standard(Verifier),
    Hmac(Box<hmac::Key>),
}

/// How long the time is counted on from what PostgreSQL said.
const TRUSTED: Duration = Duration::from_secs(30);
/// The longest id that stands in a key as it is.
const LONGEST_ID: usize = 128;
/// The longest name of a source.
const LONGEST_NAME: usize = 64;
/// The longest value of a header that is kept.
const LONGEST_VALUE: usize = 1024;

impl Source {
    /// What is signed like that with one of these secrets becomes jobs of that queue.
    #[must_use]
    pub fn new(scheme: Scheme, secrets: Vec<String>, queue: QueueName) -> Self {
        let dedupe = match &scheme {
            Scheme::Standard => Some(Dedupe::Header("webhook-id".to_owned())),
            Scheme::GitHub => Some(Dedupe::Header("x-github-delivery".to_owned())),
            Scheme::Stripe => Some(Dedupe::Pointer("/id".to_owned())),
            Scheme::Hmac { .. } => None,
        };
        let (tolerance, remember) = (Duration::from_mins(5), Duration::from_hours(7 * 24));
        Self { scheme, secrets, tolerance, dedupe, remember, queue }
    }

    fn keys(&self, name: &str) -> Result<Vec<Key>, InvalidSource> {
        let wrong = |field, must| InvalidSource { source: name.to_owned(), field, must };
        let is_name = |c: char| c.is_ascii_alphanumeric() || "_-".contains(c);
        if name.is_empty() || name.len() > LONGEST_NAME || !name.chars().all(is_name) {
            return Err(wrong("name", "be 1 to 64 letters, digits, _ and -"));
        }
        let day = Duration::from_hours(24);
        let second = Duration::from_secs(1);
        if !(second..=day).contains(&self.tolerance) {
            return Err(wrong("tolerance", "be 1 s to a day"));
        }
        if !(second..=day * 366).contains(&self.remember) {
            return Err(wrong("remember", "be 1 s to 366 days"));
        }
        if let Scheme::Hmac { header, .. } = &self.scheme
            && HeaderName::try_from(header).is_err()
        {
            return Err(wrong("header", "be the name of a header"));
        }
        match &self.dedupe {
            Some(Dedupe::Header(header)) if HeaderName::try_from(header).is_err() => {
                return Err(wrong("dedupe_header", "be the name of a header"));
            }
            Some(Dedupe::Pointer(pointer)) if !pointer.starts_with('/') => {
                return Err(wrong("dedupe_pointer", "begin with /, such as /data/id"));
            }
            _ => {}
        }
        if self.secrets.is_empty() {
            return Err(wrong("secrets", "have at least one"));
        }
        let key = |secret: &String| match &self.scheme {
            Scheme::Standard => Verifier::read(secret).map(Key::Standard).ok_or_else(|| {
                wrong("secrets", "be whsec_… or whpk_… as Standard Webhooks has them")
            }),
            _ if secret.is_empty() => Err(wrong("secrets", "not be empty")),
            _ => {
                let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
                Ok(Key::Hmac(Box::new(key)))
            }
        };
        self.secrets.iter().map(key).collect()
    }
}

impl Receiver {
    /// Receives from these sources, by their names in the path.
    pub fn new(
        db: &Db,
        queues: &Queues,
        sources: impl IntoIterator<Item = (String, Source)>,
    ) -> Result<Self, InvalidSource> {
        let mut known = HashMap::new();
        for (name, source) in sources {
            let keys = source.keys(&name)?;
            let (accepted, duplicates, refused) = Default::default();
            known.insert(name, Known { source, keys, accepted, duplicates, refused });
        }
        let time = Mutex::new(None);
        let inner = Inner { db: db.clone(), queues: queues.clone(), sources: known, time };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Verifies a request, and makes it a job.
    pub async fn receive(&self, name: &str, headers: &HeaderMap, body: &[u8]) -> Result<Receipt> {
        let Some(known) = self.inner.sources.get(name) else { return Ok(Receipt::Unknown) };
        match self.take(name, known, headers, body).await? {
            Ok((id, true)) => {
                known.accepted.fetch_add(1, Ordering::Relaxed);
                Ok(Receipt::Accepted(id))
            }
            Ok((id, false)) => {
                known.duplicates.fetch_add(1, Ordering::Relaxed);
                Ok(Receipt::Duplicate(id))
            }
            Err(refusal) => {
                known.refused.fetch_add(1, Ordering::Relaxed);
                Ok(Receipt::Refused(refusal))
            }
        }
    }

    /// The sources by their names, and how much came from each.
    #[must_use]
    pub fn counts(&self) -> BTreeMap<&str, Counts> {
        self.inner.sources.iter().map(|(name, known)| (name.as_str(), known.counts())).collect()
    }

    async fn take(
        &self,
        name: &str,
        known: &Known,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<Result<(JobId, bool), Refusal>> {
        let signed_at = match known.verify(headers, body) {
            Ok(signed_at) => signed_at,
            Err(refusal) => return Ok(Err(refusal)),
        };
        if let Some(at) = signed_at {
            let now = self.now().await?;
            let now = now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
            if now.abs_diff(at) > known.source.tolerance.as_secs() {
                return Ok(Err(Refusal::Stale));
            }
        }
        let id = match &known.source.dedupe {
            None => None,
            Some(dedupe) => match find(dedupe, headers, body) {
                Some(id) => Some(id),
                None => return Ok(Err(Refusal::NoId)),
            },
        };
        let job = job(name, known, id, headers, body);
        let queue: Queue<Received> = self.inner.queues.open(known.source.queue.clone()).await?;
        match queue.send_job(job).await {
            Ok(sent) => Ok(Ok((sent.id, sent.is_new))),
            Err(SendError::Store(error)) => Err(error),
            Err(other) => unreachable!("what is sent was looked at before: {other}"),
        }
    }

    /// The time by PostgreSQL, which is asked now and then.
    async fn now(&self) -> Result<SystemTime> {
        let known = *self.inner.time.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((then, at)) = known
            && at.elapsed() < TRUSTED
        {
            return Ok(then + at.elapsed());
        }
        let at = Instant::now();
        let client = self.inner.db.client().await?;
        let now = client.query_typed_one(NOW, &[]).await?.try_get(0)?;
        *self.inner.time.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, at));
        Ok(now)
    }
}

impl Known {
    fn counts(&self) -> Counts {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Counts {
            accepted: read(&self.accepted),
            duplicates: read(&self.duplicates),
            refused: read(&self.refused),
        }
    }

    /// Whether it is from whom it should be, and when it was signed, in seconds since 1970.
    fn verify(&self, headers: &HeaderMap, body: &[u8]) -> Result<Option<u64>, Refusal> {
        let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let by_any = |verified: &dyn Fn(&Key) -> bool| {
            if self.keys.iter().any(verified) { Ok(()) } else { Err(Refusal::Signature) }
        };
        match &self.source.scheme {
            Scheme::Standard => {
                let of = |name: &str| {
                    header(&format!("webhook-{name}"))
                        .or_else(|| header(&format!("svix-{name}")))
                        .ok_or(Refusal::Unsigned)
                };
                let (id, at, signatures) = (of("id")?, of("timestamp")?, of("signature")?);
                by_any(&|key| match key {
                    Key::Standard(key) => key.verify(id, at, body, signatures),
                    Key::Hmac(_) => false,
                })?;
                at.parse().map(Some).map_err(|_| Refusal::Unsigned)
            }
            Scheme::Stripe => {
                let text = header("stripe-signature").ok_or(Refusal::Unsigned)?;
                let (at, signatures) = of_stripe(text).ok_or(Refusal::Unsigned)?;
                let content = [at.as_bytes(), b".", body].concat();
                by_any(&|key| signatures.iter().any(|tag| key.tags(&content, tag)))?;
                at.parse().map(Some).map_err(|_| Refusal::Unsigned)
            }
            Scheme::GitHub => {
                let text = header("x-hub-signature-256").ok_or(Refusal::Unsigned)?;
                let tag = text.strip_prefix("sha256=").and_then(unhex).ok_or(Refusal::Unsigned)?;
                by_any(&|key| key.tags(body, &tag)).map(|()| None)
            }
            Scheme::Hmac { header: name, encoding, prefix } => {
                let text = header(name).and_then(|text| text.strip_prefix(prefix.as_str()));
                let tag = text.and_then(|digits| match encoding {
                    Encoding::Hex => unhex(digits),
                    Encoding::Base64 => Base64::decode_vec(digits).ok(),
                });
                let tag = tag.ok_or(Refusal::Unsigned)?;
                by_any(&|key| key.tags(body, &tag)).map(|()| None)
            }
        }
    }
}

impl Key {
    /// In constant time.
    fn tags(&self, content: &[u8], tag: &[u8]) -> bool {
        match self {
            Self::Hmac(key) => hmac::verify(key, content, tag).is_ok(),
            Self::Standard(_) => false,
        }
    }
}

/// The time and the signatures of `t=…,v1=…,v1=…`.
fn of_stripe(text: &str) -> Option<(&str, Vec<Vec<u8>>)> {
    let (mut at, mut signatures) = (None, Vec::new());
    for part in text.split(',') {
        match part.trim().split_once('=')? {
            ("t", digits) => at = Some(digits),
            ("v1", digits) => signatures.extend(unhex(digits)),
            _ => {}
        }
    }
    if signatures.is_empty() { None } else { Some((at?, signatures)) }
}

fn find(dedupe: &Dedupe, headers: &HeaderMap, body: &[u8]) -> Option<String> {
    let id = match dedupe {
        Dedupe::Header(name) => headers
            .get(name)
            // Svix says it in its own words.
            .or_else(|| if name == "webhook-id" { headers.get("svix-id") } else { None })
            .and_then(|value| value.to_str().ok())
            .map(ToOwned::to_owned),
        Dedupe::Pointer(pointer) => {
            let body: Value = serde_json::from_slice(body).ok()?;
            match body.pointer(pointer)? {
                Value::String(text) => Some(text.clone()),
                Value::Number(number) => Some(number.to_string()),
                _ => None,
            }
        }
    };
    id.filter(|id| !id.is_empty() && !id.contains('\0'))
}

fn job(name: &str, known: &Known, id: Option<String>, headers: &HeaderMap, body: &[u8]) -> NewJob {
    let json = serde_json::from_slice::<Box<RawValue>>(body).ok();
    let json = json.filter(|json| unkeepable(json.get()).is_none());
    let base64 = json.is_none().then(|| Base64::encode_string(body));
    let key = id.as_deref().map(|id| {
        // A key has its bounds.
        let is_short = id.len() <= LONGEST_ID;
        let told = || hex(digest::digest(&digest::SHA256, id.as_bytes()).as_ref());
        format!("{name}/{}", if is_short { id.to_owned() } else { told() })
    });
    let source = name.to_owned();
    let received = Received { source, id, headers: telling(headers), json, base64 };
    let job = NewJob::new(&received).expect("its JSON was looked at, and the rest is text");
    match key {
        Some(key) => {
            job.dedup(&key, known.source.remember).expect("key and time are within their bounds")
        }
        None => job,
    }
}

/// The headers that say what an event is. None that could be a secret.
fn telling(headers: &HeaderMap) -> BTreeMap<String, String> {
    const SECRET: [&str; 7] =
        ["signature", "secret", "token", "auth", "key", "cookie", "forwarded"];
    let is_telling = |name: &str| {
        let begins = ["x-", "webhook-", "svix-"].iter().any(|prefix| name.starts_with(prefix));
        (begins || ["content-type", "user-agent"].contains(&name))
            && !SECRET.iter().any(|word| name.contains(word))
    };
    headers
        .iter()
        .filter(|(name, value)| is_telling(name.as_str()) && value.len() <= LONGEST_VALUE)
        .filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?.to_owned())))
        .collect()
}

impl Refusal {
    /// What is wrong, without the secret.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unsigned => "a header with the signature is missing, or has the wrong form",
            Self::Signature => "the signature is not of this body and this source's secret",
            Self::Stale => "it was signed too long ago, or in the future",
            Self::NoId => "it has no id where this source's events have theirs",
        }
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Source")
            .field("scheme", &self.scheme)
            .field("queue", &self.queue)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.source.fmt(f)
    }
}

impl fmt::Display for InvalidSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { source, field, must } = self;
        write!(f, "{source}.{field} must {must}")
    }
}

impl error::Error for InvalidSource {}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn known(scheme: Scheme, secrets: &[&str]) -> Known {
        let secrets = secrets.iter().map(ToString::to_string).collect();
        let source = Source::new(scheme, secrets, QueueName::new("in").unwrap());
        let keys = source.keys("test").unwrap();
        let (accepted, duplicates, refused) = Default::default();
        Known { source, keys, accepted, duplicates, refused }
    }

    fn fields(all: &[(&'static str, &str)]) -> HeaderMap {
        let field = |(name, value): &(&'static str, &str)| {
            (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap())
        };
        all.iter().map(field).collect()
    }

    const GITHUB: &str = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

    #[test]
    fn github_and_plain_hmac_are_verified_over_the_body() {
        let secret = "It's a Secret to Everybody";
        let body = b"Hello, World!";
        let hmac = Scheme::Hmac {
            header: "x-sign".to_owned(),
            encoding: Encoding::Hex,
            prefix: "sha256=".to_owned(),
        };
        for (scheme, header) in [(Scheme::GitHub, "x-hub-signature-256"), (hmac, "x-sign")] {
            let known = known(scheme, &["another", secret]);
            let signed = fields(&[(header, GITHUB)]);
            assert_eq!(known.verify(&signed, body), Ok(None));
            assert_eq!(known.verify(&signed, b"Hello, World"), Err(Refusal::Signature));
            assert_eq!(known.verify(&fields(&[]), body), Err(Refusal::Unsigned));
            let short = fields(&[(header, &GITHUB[..20])]);
            assert!(known.verify(&short, body).is_err());
        }
        let known = known(Scheme::GitHub, &["another"]);
        assert_eq!(
            known.verify(&fields(&[("x-hub-signature-256", GITHUB)]), body),
            Err(Refusal::Signature)
        );
    }

    #[test]
    fn stripe_signs_with_a_time_and_maybe_twice() {
        let known = known(Scheme::Stripe, &["whsec_test"]);
        let body = br#"{"id":"evt_1"}"#;
        let key = hmac::Key::new(hmac::HMAC_SHA256, b"whsec_test");
        let tag = hmac::sign(&key, &[&b"1700000000."[..], body].concat());
        let tag = hex(tag.as_ref());
        let text = format!("t=1700000000,v1={},v1={tag},v0=x", "00".repeat(32));
        let signed = fields(&[("stripe-signature", &text)]);
        assert_eq!(known.verify(&signed, body), Ok(Some(1_700_000_000)));
        let later = fields(&[("stripe-signature", &text.replace("t=17", "t=18"))]);
        assert_eq!(known.verify(&later, body), Err(Refusal::Signature));
        for wrong in ["", "t=1", "v1=00", "x"] {
            let signed = fields(&[("stripe-signature", wrong)]);
            assert_eq!(known.verify(&signed, body), Err(Refusal::Unsigned), "{wrong}");
        }
    }

    #[test]
    fn an_id_is_where_it_was_said_to_be() {
        let headers = fields(&[("x-id", "7"), ("svix-id", "msg_1")]);
        let body = br#"{"data":{"id":8,"name":"a","no":null}}"#;
        let of = |dedupe: Dedupe| find(&dedupe, &headers, body);
        let header = |name: &str| of(Dedupe::Header(name.to_owned()));
        let pointer = |place: &str| of(Dedupe::Pointer(place.to_owned()));
        assert_eq!(header("x-id").as_deref(), Some("7"));
        assert_eq!(header("webhook-id").as_deref(), Some("msg_1"));
        assert_eq!(header("x-other"), None);
        assert_eq!(pointer("/data/id").as_deref(), Some("8"));
        assert_eq!(pointer("/data/name").as_deref(), Some("a"));
        assert_eq!((pointer("/data/no"), pointer("/data"), pointer("/x")), (None, None, None));
    }

    #[test]
    fn no_secret_is_kept() {
        let kept = telling(&fields(&[
            ("x-github-event", "push"),
            ("content-type", "application/json"),
            ("x-hub-signature-256", "sha256=1"),
            ("authorization", "Bearer x"),
            ("x-api-key", "x"),
            ("x-gitlab-token", "x"),
            ("cookie", "x"),
            ("accept", "*/*"),
        ]));
        assert_eq!(kept.keys().collect::<Vec<_>>(), ["content-type", "x-github-event"]);
    }

    #[test]
    fn a_source_that_cannot_be_is_told() {
        let queue = || QueueName::new("in").unwrap();
        let of = |source: Source| source.keys("s").err().map(|invalid| invalid.to_string());
        let source = |scheme, secret: &str| Source::new(scheme, vec![secret.to_owned()], queue());
        assert_eq!(
            of(source(Scheme::Standard, "x")).unwrap(),
            "s.secrets must be whsec_… or whpk_… as Standard Webhooks has them"
        );
        assert!(of(source(Scheme::GitHub, "")).is_some());
        assert!(of(Source::new(Scheme::GitHub, Vec::new(), queue())).is_some());
        let mut wrong = source(Scheme::GitHub, "x");
        wrong.dedupe = Some(Dedupe::Pointer("id".to_owned()));
        assert!(of(wrong).is_some());
        assert!(source(Scheme::GitHub, "x").keys("a/b").is_err());
        assert!(!format!("{:?}", source(Scheme::GitHub, "secret")).contains("secret"));
    }
}
