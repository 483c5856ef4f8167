//! Endpoints: created, shown, changed, disabled and removed; and their secrets, rotated.

use std::{
    collections::{BTreeMap, BTreeSet},
    error, fmt,
    num::NonZeroU32,
    time::{Duration, SystemTime},
};

use http::{HeaderName, HeaderValue};
use pgstead_store::{
    KeyEncryptionKey, Parameter, Result, Unopened,
    tokio_postgres::{Row, types::Type},
};
use uuid::Uuid;

use crate::{
    EndpointId, EventType, InvalidSecret, InvalidUrl, NewEvent, Secret, SignatureKind, Webhooks,
    id,
    publish::OWN,
    sign::{self, Made},
};

pub(crate) const CREATE: &str = include_str!("../sql/endpoint_create.sql");
pub(crate) const LIST: &str = include_str!("../sql/endpoint_list.sql");
pub(crate) const CHANGE: &str = include_str!("../sql/endpoint_change.sql");
pub(crate) const REMOVE: &str = include_str!("../sql/endpoint_remove.sql");
pub(crate) const ENABLE: &str = include_str!("../sql/endpoint_enable.sql");
pub(crate) const DISABLE: &str = include_str!("../sql/endpoint_disable.sql");
pub(crate) const ROTATE: &str = include_str!("../sql/secret_rotate.sql");

/// The most endpoints that are listed at once.
pub const MOST_LISTED: u32 = 1000;
/// The type of the event that says that an endpoint was disabled.
pub const DISABLED: &str = "pgstead.endpoint.disabled";

/// The longest tenant, in bytes.
const LONGEST_TENANT: usize = 255;
/// The longest description, in bytes.
const LONGEST_DESCRIPTION: usize = 1000;
/// The most patterns of types.
const MOST_TYPES: usize = 100;
/// The most headers, and the longest of their values.
const MOST_HEADERS: usize = 20;
const LONGEST_VALUE: usize = 4096;
/// The most requests at once.
const MOST_AT_ONCE: u32 = 1000;

/// An endpoint to create.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct NewEndpoint {
    /// Where it is.
    pub url: String,
    /// Whose it is: it gets the events of that tenant alone. 1 to 255 bytes. Default: nobody's, and it gets
    /// those of nobody.
    pub tenant: Option<String>,
    /// What it is, in words. At most 1000 bytes.
    pub description: Option<String>,
    /// Which types of events it gets, each with `*` for anything: `order.*`. At most 100. Default: all, but
    /// for pgstead's own, which begin with `pgstead.` and are named.
    pub types: Vec<String>,
    /// Header fields to send along, such as `Authorization`. At most 20. They are not shown again.
    pub headers: BTreeMap<String, String>,
    /// How requests are signed. Default: `v1`.
    pub signatures: BTreeSet<SignatureKind>,
    /// A secret of `v1` or `hub` that somebody has already. Default: they are made.
    pub secrets: BTreeMap<SignatureKind, String>,
    /// Whether it gets one event after another, in the order of their publication. One that fails holds up
    /// the others until it succeeds or is given up. Default: no.
    pub fifo: bool,
    /// How many requests at once, at most, of each process. 1 to 1000. Default: 16.
    pub concurrency: u32,
    /// How many requests in a time, of all processes. Default: any number.
    pub rate: Option<Rate>,
}

/// At most so many in a time, evenly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// So many.
    pub count: NonZeroU32,
    /// In that time: 1 ms to a day.
    pub per: Duration,
}

/// What is to be different about an endpoint. What is `None` stays.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Changes {
    /// Where it is.
    pub url: Option<String>,
    /// What it is; empty for nothing.
    pub description: Option<String>,
    /// Which types of events it gets; empty for all.
    pub types: Option<Vec<String>>,
    /// All header fields that are sent along.
    pub headers: Option<BTreeMap<String, String>>,
    /// Whether it gets one event after another: those that are published from now on.
    pub fifo: Option<bool>,
    /// How many requests at once.
    pub concurrency: Option<u32>,
    /// How many requests in a time; `Some(None)` for any number.
    pub rate: Option<Option<Rate>>,
}

/// An endpoint.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Endpoint {
    /// Names it.
    pub id: EndpointId,
    /// Whose it is.
    pub tenant: Option<String>,
    /// Where it is.
    pub url: String,
    /// What it is.
    pub description: Option<String>,
    /// Which types of events it gets.
    pub types: Vec<String>,
    /// The names of the header fields that are sent along.
    pub headers: Vec<String>,
    /// What its requests are signed with.
    pub signatures: Vec<Signature>,
    /// Whether it gets one event after another.
    pub fifo: bool,
    /// How many requests at once.
    pub concurrency: u32,
    /// How many requests in a time.
    pub rate: Option<Rate>,
    /// When it was created.
    pub created_at: SystemTime,
    /// Since when nothing is sent to it, and why.
    pub disabled: Option<(SystemTime, Reason)>,
    /// When the first of the attempts failed since one succeeded.
    pub failing_since: Option<SystemTime>,
}

/// A secret that signs, without the secret.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Signature {
    /// How.
    pub kind: SignatureKind,
    /// What of it is public.
    pub public_key: Option<String>,
    /// Since when.
    pub created_at: SystemTime,
    /// Until when, if another one has followed it.
    pub expires_at: Option<SystemTime>,
}

/// Why nothing is sent to an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// Somebody has asked for it.
    Request,
    /// It has answered 410.
    Gone,
    /// It has failed for days.
    Failing,
}

/// What came of creating one: the endpoint's id, when it was, and what its receiver needs of each secret. It
/// is not shown again.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Created {
    /// Names it.
    pub id: EndpointId,
    /// When.
    pub created_at: SystemTime,
    /// What its receiver needs.
    pub secrets: Vec<(SignatureKind, Secret)>,
}

/// An endpoint that cannot be like that.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidEndpoint {
    /// Nothing is sent there.
    Url(InvalidUrl),
    /// A type of events that is none.
    Type(String),
    /// A header that cannot be sent along, by its name.
    Header(String),
    /// A secret that is none.
    Secret(InvalidSecret),
    /// A secret of a kind by which nothing is signed.
    Unsigned(SignatureKind),
    /// Another field, and what it must be.
    Field {
        /// Which.
        field: &'static str,
        /// What it must be.
        must: &'static str,
    },
}

/// An endpoint was not created or changed.
#[derive(Debug)]
#[non_exhaustive]
pub enum EndpointError {
    /// It cannot be like that.
    Invalid(InvalidEndpoint),
    /// PostgreSQL did not answer, or refused.
    Store(pgstead_store::Error),
}

/// How an endpoint was disabled.
pub(crate) struct Disabled {
    pub(crate) tenant: String,
    pub(crate) event: NewEvent,
}

impl NewEndpoint {
    /// One that gets all events, signed with `v1`.
    #[must_use]
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            tenant: None,
            description: None,
            types: Vec::new(),
            headers: BTreeMap::new(),
            signatures: [SignatureKind::V1].into(),
            secrets: BTreeMap::new(),
            fifo: false,
            concurrency: 16,
            rate: None,
        }
    }
}

impl Webhooks {
    /// Creates an endpoint. Its secrets are in the answer, and shown this once.
    pub async fn create(&self, endpoint: &NewEndpoint) -> Result<Created, EndpointError> {
        self.inner.guard.check(&endpoint.url).map_err(InvalidEndpoint::Url)?;
        let tenant = tenant(endpoint.tenant.as_deref())?;
        let description = description(endpoint.description.as_deref())?;
        let (types, patterns) = patterns(&endpoint.types)?;
        concurrency(endpoint.concurrency)?;
        let rate = rate(endpoint.rate)?;
        let secrets = made(endpoint)?;
        let id = EndpointId(id::new(self.now().await?));
        let (headers, header_names) = self.sealed_headers(id, &endpoint.headers)?;
        let kek = &self.inner.kek;
        let ids: Vec<Uuid> = secrets.iter().map(|_| id::random()).collect();
        let kinds: Vec<&str> = secrets.iter().map(|made| made.kind.as_str()).collect();
        let public: Vec<_> = secrets.iter().map(|made| made.public.as_deref()).collect();
        let sealed: Vec<Vec<u8>> =
            ids.iter().zip(&secrets).map(|(secret, made)| seal(kek, id, *secret, made)).collect();
        let concurrency = i32::try_from(endpoint.concurrency).unwrap_or(i32::MAX);
        let parameters: [Parameter<'_>; 17] = [
            (&id.0, Type::UUID),
            (&tenant, Type::TEXT),
            (&endpoint.url, Type::TEXT),
            (&description, Type::TEXT),
            (&types, Type::TEXT_ARRAY),
            (&patterns, Type::TEXT_ARRAY),
            (&headers, Type::BYTEA),
            (&header_names, Type::TEXT_ARRAY),
            (&kek.fingerprint(), Type::TEXT),
            (&endpoint.fifo, Type::BOOL),
            (&concurrency, Type::INT4),
            (&rate.map(|(count, _)| count), Type::INT4),
            (&rate.map(|(_, per_ms)| per_ms), Type::INT8),
            (&ids, Type::UUID_ARRAY),
            (&kinds, Type::TEXT_ARRAY),
            (&public, Type::BYTEA_ARRAY),
            (&sealed, Type::BYTEA_ARRAY),
        ];
        let client = self.inner.db.client().await?;
        let row = client.query_typed_one(CREATE, &parameters).await?;
        let created_at = row.try_get(0)?;
        let secrets = secrets.into_iter().map(|made| (made.kind, made.shown)).collect();
        Ok(Created { id, created_at, secrets })
    }

    /// An endpoint, if there is one of that id.
    pub async fn endpoint(&self, id: EndpointId) -> Result<Option<Endpoint>> {
        Ok(self.list(Some(id), None, None, 1).await?.pop())
    }

    /// Endpoints by their ids, those after one if one is named: of a tenant, or all. At most [`MOST_LISTED`].
    pub async fn endpoints(
        &self,
        tenant: Option<&str>,
        after: Option<EndpointId>,
        most: u32,
    ) -> Result<Vec<Endpoint>> {
        self.list(None, tenant, after, most.min(MOST_LISTED)).await
    }

    async fn list(
        &self,
        id: Option<EndpointId>,
        tenant: Option<&str>,
        after: Option<EndpointId>,
        most: u32,
    ) -> Result<Vec<Endpoint>> {
        let most = i32::try_from(most).unwrap_or(i32::MAX);
        let parameters: [Parameter<'_>; 4] = [
            (&id.map(|id| id.0), Type::UUID),
            (&tenant, Type::TEXT),
            (&after.map(|id| id.0), Type::UUID),
            (&most, Type::INT4),
        ];
        let client = self.inner.db.client().await?;
        client.query_typed(LIST, &parameters).await?.iter().map(Endpoint::read).collect()
    }

    /// Changes an endpoint; what is on its way is sent as it is now. Whether there is one of that id.
    pub async fn change(&self, id: EndpointId, to: &Changes) -> Result<bool, EndpointError> {
        if let Some(url) = &to.url {
            self.inner.guard.check(url).map_err(InvalidEndpoint::Url)?;
        }
        description(to.description.as_deref())?;
        let of_types = to.types.as_deref().map(patterns).transpose()?;
        let (types, patterns) = of_types.unzip();
        to.concurrency.map(concurrency).transpose()?;
        let rate = to.rate.map(rate).transpose()?;
        let headers =
            to.headers.as_ref().map(|headers| self.sealed_headers(id, headers)).transpose()?;
        let (has_headers, has_rate) = (headers.is_some(), rate.is_some());
        let (headers, header_names) = headers.unwrap_or_default();
        let (rate, per_ms) = rate.flatten().unzip();
        let at_once = to.concurrency.map(|most| i32::try_from(most).unwrap_or(i32::MAX));
        let parameters: [Parameter<'_>; 14] = [
            (&id.0, Type::UUID),
            (&to.url, Type::TEXT),
            (&to.description, Type::TEXT),
            (&types, Type::TEXT_ARRAY),
            (&patterns, Type::TEXT_ARRAY),
            (&has_headers, Type::BOOL),
            (&headers, Type::BYTEA),
            (&header_names, Type::TEXT_ARRAY),
            (&self.inner.kek.fingerprint(), Type::TEXT),
            (&to.fifo, Type::BOOL),
            (&at_once, Type::INT4),
            (&has_rate, Type::BOOL),
            (&rate, Type::INT4),
            (&per_ms, Type::INT8),
        ];
        let client = self.inner.db.client().await?;
        Ok(!client.query_typed(CHANGE, &parameters).await?.is_empty())
    }

    /// Removes an endpoint, with its secrets. What was sent to it is still listed. Whether there was one.
    pub async fn remove(&self, id: EndpointId) -> Result<bool> {
        let client = self.inner.db.client().await?;
        Ok(!client.query_typed(REMOVE, &[(&id.0, Type::UUID)]).await?.is_empty())
    }

    /// Sends to an endpoint again. What it has missed is sent by [`replay`](Self::replay). Whether there is one.
    pub async fn enable(&self, id: EndpointId) -> Result<bool> {
        let client = self.inner.db.client().await?;
        Ok(!client.query_typed(ENABLE, &[(&id.0, Type::UUID)]).await?.is_empty())
    }

    /// Sends nothing to an endpoint any more, until it is [enabled](Self::enable). An event of the type
    /// [`DISABLED`] says so to those of its tenant that want it. Whether this has changed anything.
    pub async fn disable(&self, id: EndpointId) -> Result<bool> {
        self.disable_because(id, Reason::Request).await
    }

    /// The change and the event are one transaction.
    pub(crate) async fn disable_because(&self, id: EndpointId, reason: Reason) -> Result<bool> {
        let after_ms = i64::try_from(self.inner.config.disable_after.as_millis());
        let parameters: [Parameter<'_>; 3] = [
            (&id.0, Type::UUID),
            (&reason.as_str(), Type::TEXT),
            (&after_ms.unwrap_or(i64::MAX), Type::INT8),
        ];
        let mut client = self.inner.db.client().await?;
        let transaction = client.transaction().await?;
        let rows = transaction.client().query_typed(DISABLE, &parameters).await?;
        let Some(row) = rows.first() else { return Ok(false) };
        let Disabled { tenant, event } = Disabled::read(id, reason, row)?;
        let event = if tenant.is_empty() { event } else { event.of_tenant(tenant) };
        self.publish_rows(transaction.client(), std::slice::from_ref(&event)).await?;
        transaction.commit().await?;
        self.wake();
        Ok(true)
    }

    /// Gives an endpoint a new secret of a kind: a new one, or one that somebody has already. Those that it
    /// had of this kind go on to sign for that time, or for [`Config::overlap`](crate::Config::overlap). What
    /// its receiver needs is shown this once. None: there is no such endpoint.
    pub async fn rotate_secret(
        &self,
        endpoint: EndpointId,
        kind: SignatureKind,
        brought: Option<&str>,
        overlap: Option<Duration>,
    ) -> Result<Option<Secret>, EndpointError> {
        let made = match brought {
            Some(text) => kind.take(text).map_err(InvalidEndpoint::Secret)?,
            None => kind.generate(),
        };
        let overlap = overlap.unwrap_or(self.inner.config.overlap);
        if overlap > Duration::from_hours(30 * 24) {
            let (field, must) = ("overlap_ms", "be at most 30 days");
            return Err(InvalidEndpoint::Field { field, must }.into());
        }
        let overlap_ms = i64::try_from(overlap.as_millis()).unwrap_or(i64::MAX);
        let (id, kek) = (id::random(), &self.inner.kek);
        let parameters: [Parameter<'_>; 7] = [
            (&endpoint.0, Type::UUID),
            (&id, Type::UUID),
            (&kind.as_str(), Type::TEXT),
            (&made.public, Type::BYTEA),
            (&seal(kek, endpoint, id, &made), Type::BYTEA),
            (&kek.fingerprint(), Type::TEXT),
            (&overlap_ms, Type::INT8),
        ];
        let client = self.inner.db.client().await?;
        let rotated = client.query_typed(ROTATE, &parameters).await?;
        Ok(rotated.first().map(|_| made.shown))
    }

    fn sealed_headers(
        &self,
        endpoint: EndpointId,
        headers: &BTreeMap<String, String>,
    ) -> Result<(Option<Vec<u8>>, Vec<String>), InvalidEndpoint> {
        check_headers(headers)?;
        if headers.is_empty() {
            return Ok((None, Vec::new()));
        }
        let text = serde_json::to_vec(headers).expect("texts are JSON");
        let sealed = self.inner.kek.seal(&headers_of(endpoint), &text);
        let names = headers.keys().map(|name| name.to_ascii_lowercase()).collect();
        Ok((Some(sealed.expect("a key of 256 bits seals anything")), names))
    }
}

/// As what the headers of an endpoint are sealed.
fn headers_of(endpoint: EndpointId) -> String {
    format!("pgstead webhook headers {}", endpoint.0)
}

/// As what a secret is sealed.
fn secret_of(endpoint: EndpointId, secret: Uuid, kind: SignatureKind) -> String {
    format!("pgstead webhook secret {} {secret} {kind}", endpoint.0)
}

fn seal(kek: &KeyEncryptionKey, endpoint: EndpointId, secret: Uuid, made: &Made) -> Vec<u8> {
    let sealed = kek.seal(&secret_of(endpoint, secret, made.kind), &made.kept);
    sealed.expect("a key of 256 bits seals anything")
}

/// What was sealed.
pub(crate) fn open_secret(
    kek: &KeyEncryptionKey,
    endpoint: EndpointId,
    (secret, kind, sealed): (Uuid, SignatureKind, &[u8]),
) -> Result<sign::Signer, Unopened> {
    let kept = kek.open(&secret_of(endpoint, secret, kind), sealed)?;
    sign::Signer::read(kind, &kept).ok_or(Unopened)
}

/// What was sealed.
pub(crate) fn open_headers(
    kek: &KeyEncryptionKey,
    endpoint: EndpointId,
    sealed: &[u8],
) -> Result<Vec<(HeaderName, HeaderValue)>, Unopened> {
    let text = kek.open(&headers_of(endpoint), sealed)?;
    let headers: BTreeMap<String, String> = serde_json::from_slice(&text).map_err(|_| Unopened)?;
    let field = |(name, value): (String, String)| {
        let mut value = HeaderValue::try_from(value).map_err(|_| Unopened)?;
        value.set_sensitive(true);
        Ok((HeaderName::try_from(name).map_err(|_| Unopened)?, value))
    };
    headers.into_iter().map(field).collect()
}

fn tenant(tenant: Option<&str>) -> Result<&str, InvalidEndpoint> {
    match tenant {
        None => Ok(""),
        Some(name) if is_tenant(name) => Ok(name),
        Some(_) => Err(InvalidEndpoint::Field {
            field: "tenant",
            must: "have 1 to 255 bytes and no control characters",
        }),
    }
}

pub(crate) fn is_tenant(name: &str) -> bool {
    (1..=LONGEST_TENANT).contains(&name.len()) && !name.chars().any(char::is_control)
}

fn description(text: Option<&str>) -> Result<Option<&str>, InvalidEndpoint> {
    if text.is_some_and(|text| text.len() > LONGEST_DESCRIPTION || text.contains('\0')) {
        let must = "have at most 1000 bytes, none of them NUL";
        return Err(InvalidEndpoint::Field { field: "description", must });
    }
    Ok(text)
}

fn concurrency(most: u32) -> Result<(), InvalidEndpoint> {
    if (1..=MOST_AT_ONCE).contains(&most) {
        return Ok(());
    }
    Err(InvalidEndpoint::Field { field: "concurrency", must: "be 1 to 1000" })
}

/// As it is stored.
fn rate(rate: Option<Rate>) -> Result<Option<(i32, i64)>, InvalidEndpoint> {
    let Some(Rate { count, per }) = rate else { return Ok(None) };
    let (shortest, longest) = (Duration::from_millis(1), Duration::from_hours(24));
    if !(shortest..=longest).contains(&per) {
        let must = "be in a time of 1 ms to a day";
        return Err(InvalidEndpoint::Field { field: "rate", must });
    }
    let (Ok(count), Ok(per_ms)) = (i32::try_from(count.get()), i64::try_from(per.as_millis()))
    else {
        return Err(InvalidEndpoint::Field { field: "rate", must: "be at most 2147483647" });
    };
    Ok(Some((count, per_ms)))
}

/// The types as they were given, and as LIKE has them.
fn patterns(types: &[String]) -> Result<(Vec<String>, Vec<String>), InvalidEndpoint> {
    if types.len() > MOST_TYPES {
        return Err(InvalidEndpoint::Field { field: "types", must: "have at most 100 elements" });
    }
    if types.is_empty() {
        return Ok((vec!["*".to_owned()], vec!["%".to_owned()]));
    }
    let pattern = |text: &String| {
        // A star may stand wherever a word may.
        let without_stars = text.replace('*', "x");
        match EventType::new(&without_stars) {
            // LIKE has two characters of its own, one of which may be in a type.
            Ok(_) => Ok(text.replace('_', "\\_").replace('*', "%")),
            Err(_) => Err(InvalidEndpoint::Type(text.clone())),
        }
    };
    Ok((types.to_vec(), types.iter().map(pattern).collect::<Result<_, _>>()?))
}

fn check_headers(headers: &BTreeMap<String, String>) -> Result<(), InvalidEndpoint> {
    /// What makes the request, or is ours to say.
    const TAKEN: [&str; 14] = [
        "accept-encoding",
        "connection",
        "content-encoding",
        "content-length",
        "content-type",
        "expect",
        "host",
        "keep-alive",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "x-hub-signature-256",
        "x-request-id",
    ];
    if headers.len() > MOST_HEADERS {
        return Err(InvalidEndpoint::Field { field: "headers", must: "have at most 20 members" });
    }
    for (name, value) in headers {
        let lower = name.to_ascii_lowercase();
        let is_taken = TAKEN.contains(&&*lower)
            || lower.starts_with("webhook-")
            || lower.starts_with("proxy-");
        let is_sent = HeaderName::try_from(name).is_ok()
            && HeaderValue::try_from(value).is_ok()
            && value.len() <= LONGEST_VALUE;
        if is_taken || !is_sent {
            return Err(InvalidEndpoint::Header(name.clone()));
        }
    }
    Ok(())
}

fn made(endpoint: &NewEndpoint) -> Result<Vec<Made>, InvalidEndpoint> {
    let signatures = &endpoint.signatures;
    if signatures.is_empty() {
        let must = "name at least one of v1, v1a, hub";
        return Err(InvalidEndpoint::Field { field: "signatures", must });
    }
    if let Some(kind) = endpoint.secrets.keys().find(|kind| !signatures.contains(*kind)) {
        return Err(InvalidEndpoint::Unsigned(*kind));
    }
    let of = |kind: &SignatureKind| match endpoint.secrets.get(kind) {
        Some(text) => kind.take(text).map_err(InvalidEndpoint::Secret),
        None => Ok(kind.generate()),
    };
    signatures.iter().map(of).collect()
}

impl Endpoint {
    fn read(row: &Row) -> Result<Self> {
        let tenant: String = row.try_get("tenant")?;
        let disabled_at: Option<SystemTime> = row.try_get("disabled_at")?;
        let because: Option<&str> = row.try_get("disabled_because")?;
        let disabled = disabled_at.zip(because.and_then(Reason::read));
        let (rate, per_ms): (Option<i32>, Option<i64>) =
            (row.try_get("rate")?, row.try_get("rate_per_ms")?);
        let kinds: Vec<String> = row.try_get::<_, Option<_>>("kinds")?.unwrap_or_default();
        let public: Vec<Option<Vec<u8>>> =
            row.try_get::<_, Option<_>>("public_keys")?.unwrap_or_default();
        let since: Vec<SystemTime> =
            row.try_get::<_, Option<_>>("secrets_created_at")?.unwrap_or_default();
        let until: Vec<Option<SystemTime>> =
            row.try_get::<_, Option<_>>("secrets_expire_at")?.unwrap_or_default();
        let mut signatures = Vec::with_capacity(kinds.len());
        for (((kind, public), created_at), expires_at) in
            kinds.iter().zip(public).zip(since).zip(until)
        {
            let Ok(kind) = kind.parse() else { continue };
            let public_key = public.as_deref().map(sign::public_key);
            signatures.push(Signature { kind, public_key, created_at, expires_at });
        }
        Ok(Self {
            id: EndpointId(row.try_get("id")?),
            tenant: (!tenant.is_empty()).then_some(tenant),
            url: row.try_get("url")?,
            description: row.try_get("description")?,
            types: row.try_get("types")?,
            headers: row.try_get("header_names")?,
            signatures,
            fifo: row.try_get("fifo")?,
            concurrency: row.try_get::<_, i32>("concurrency")?.unsigned_abs(),
            rate: Rate::read(rate, per_ms),
            created_at: row.try_get("created_at")?,
            disabled,
            failing_since: row.try_get("failing_since")?,
        })
    }
}

impl Rate {
    pub(crate) fn read(rate: Option<i32>, per_ms: Option<i64>) -> Option<Self> {
        let count = NonZeroU32::new(rate?.unsigned_abs())?;
        Some(Self { count, per: Duration::from_millis(per_ms?.unsigned_abs()) })
    }
}

impl Disabled {
    fn read(id: EndpointId, reason: Reason, row: &Row) -> Result<Self> {
        let (tenant, url): (String, String) = (row.try_get(0)?, row.try_get(1)?);
        let (failing, now): (Option<SystemTime>, SystemTime) = (row.try_get(2)?, row.try_get(3)?);
        let text = |at: SystemTime| jiff::Timestamp::try_from(at).map(|at| at.to_string()).ok();
        let payload = serde_json::json!({
            "type": DISABLED,
            "timestamp": text(now),
            "data": {
                "endpoint": id.to_string(),
                "url": url,
                "reason": reason.as_str(),
                "failing_since": failing.and_then(text),
            },
        });
        Ok(Self { tenant, event: NewEvent::own(DISABLED, payload.to_string()) })
    }
}

impl Reason {
    /// Its word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Gone => "gone",
            Self::Failing => "failing",
        }
    }

    fn read(text: &str) -> Option<Self> {
        [Self::Request, Self::Gone, Self::Failing]
            .into_iter()
            .find(|reason| reason.as_str() == text)
    }
}

impl From<InvalidEndpoint> for EndpointError {
    fn from(invalid: InvalidEndpoint) -> Self {
        Self::Invalid(invalid)
    }
}

impl From<pgstead_store::Error> for EndpointError {
    fn from(error: pgstead_store::Error) -> Self {
        Self::Store(error)
    }
}

impl From<pgstead_store::tokio_postgres::Error> for EndpointError {
    fn from(error: pgstead_store::tokio_postgres::Error) -> Self {
        Self::Store(error.into())
    }
}

impl fmt::Display for InvalidEndpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Url(invalid) => invalid.fmt(f),
            Self::Type(text) => write!(
                f,
                "{text:?} is no type of events: words of letters, digits, _ and -, with full stops in \
                 between, and * for anything; for example order.*; pgstead's own begin with {OWN}"
            ),
            Self::Header(name) => write!(
                f,
                "the header {name:?} cannot be sent along: it makes the request, is pgstead's to say, or \
                 has a value that is too long or no header's"
            ),
            Self::Secret(invalid) => invalid.fmt(f),
            Self::Unsigned(kind) => {
                write!(f, "a secret of {kind} is given, and signatures does not name {kind}")
            }
            Self::Field { field, must } => write!(f, "{field} must {must}"),
        }
    }
}

impl error::Error for InvalidEndpoint {}

impl fmt::Display for EndpointError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid(invalid) => invalid.fmt(f),
            Self::Store(error) => error.fmt(f),
        }
    }
}

impl error::Error for EndpointError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::Invalid(_) => None,
            Self::Store(error) => error.source(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_become_patterns() {
        let of = |types: &[&str]| {
            let types: Vec<String> = types.iter().map(ToString::to_string).collect();
            patterns(&types).map(|(_, patterns)| patterns)
        };
        assert_eq!(of(&[]).unwrap(), ["%"]);
        assert_eq!(of(&["order.*", "a_b.c", "*.done"]).unwrap(), ["order.%", "a\\_b.c", "%.done"]);
        assert_eq!(of(&["pgstead.*"]).unwrap(), ["pgstead.%"]);
        for wrong in ["", "a..b", "a b", "%", ".a", "é"] {
            assert_eq!(of(&[wrong]), Err(InvalidEndpoint::Type(wrong.to_owned())), "{wrong}");
        }
    }

    #[test]
    fn headers_that_make_the_request_are_refused() {
        let check =
            |name: &str, value: &str| check_headers(&[(name.to_owned(), value.to_owned())].into());
        assert!(check("Authorization", "Bearer x").is_ok() && check("X-Tenant", "a").is_ok());
        for (name, value) in [
            ("Host", "x"),
            ("content-length", "1"),
            ("Webhook-Id", "x"),
            ("a b", "x"),
            ("x", "a\r\nb: c"),
            ("", "x"),
        ] {
            assert!(check(name, value).is_err(), "{name}");
        }
    }
}
