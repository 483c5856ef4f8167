//! What an access token says.

use std::{error, fmt, time::Duration};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::session::{SessionId, check_name};

/// What the access tokens of a session say beside whose it is and until when.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Grant {
    /// For whom the tokens are (`aud`, RFC 7519). None: [`Config::audience`](crate::Config).
    pub audience: Vec<String>,
    /// What they permit (`scope`, RFC 9068).
    pub scopes: Vec<String>,
    /// Claims of your own: 4096 bytes of JSON at most, and none that [is taken](RESERVED).
    pub claims: Map<String, Value>,
}

/// Why something cannot be said in a token.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InvalidGrant {
    /// What is wrong: `user`, `tenant`, `audience`, `scopes` or `claims`.
    pub field: &'static str,
    /// What it has to do: "have 1 to 256 bytes".
    pub must: &'static str,
}

/// What an access token said that was found good.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Claims {
    /// Whose it is (`sub`).
    pub user: String,
    /// Of which tenant (`tenant`).
    pub tenant: Option<String>,
    /// The session it was minted for (`sid`).
    pub session: SessionId,
    /// For whom it is, what it permits, and your own claims.
    pub grant: Grant,
    /// Its name, which no other token has (`jti`).
    pub id: String,
    /// When it was minted, since 1970 (`iat`).
    pub issued_at: Duration,
    /// Until when it is good, since 1970 (`exp`).
    pub expires_at: Duration,
    /// Until which revocation its session was known to live.
    pub(crate) epoch: i64,
}

/// Claims that pgstead writes itself, or that RFC 7519 or RFC 9068 give a meaning that pgstead does not.
pub const RESERVED: [&str; 14] = [
    "iss",
    "sub",
    "aud",
    "exp",
    "nbf",
    "iat",
    "jti",
    "sid",
    "epoch",
    "tenant",
    "scope",
    "client_id",
    "auth_time",
    "cnf",
];
/// The most bytes of the claims of a caller, as JSON.
pub const LARGEST_CLAIMS: usize = 4096;
/// The most audiences, and the most scopes.
const MOST: usize = 64;

/// As it stands in a token and in a session's row.
#[derive(Debug, Default, Deserialize, Serialize)]
struct Stored {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    aud: Option<Audience>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
    #[serde(flatten)]
    claims: Map<String, Value>,
}

/// One is a text and several are a list (RFC 7519, 4.1.3).
#[derive(Debug, Deserialize, Serialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

/// The payload of an access token.
#[derive(Debug, Deserialize)]
struct Payload {
    iss: String,
    sub: String,
    sid: String,
    jti: String,
    iat: i64,
    exp: i64,
    epoch: i64,
    #[serde(default)]
    tenant: Option<String>,
    #[serde(flatten)]
    stored: Stored,
}

/// What the head of a payload is made of.
pub(crate) struct Head<'a> {
    pub(crate) issuer: &'a str,
    pub(crate) user: &'a str,
    pub(crate) tenant: Option<&'a str>,
    pub(crate) session: Uuid,
    pub(crate) jti: u128,
    pub(crate) issued_at_s: i64,
    pub(crate) expires_at_s: i64,
    pub(crate) epoch: i64,
}

#[derive(Serialize)]
struct Written<'a> {
    iss: &'a str,
    sub: &'a str,
    sid: String,
    jti: String,
    iat: i64,
    exp: i64,
    epoch: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    tenant: Option<&'a str>,
}

impl Grant {
    /// The JSON object that is stored with the session and spliced into its tokens.
    pub(crate) fn to_stored(&self) -> Result<Option<String>, InvalidGrant> {
        let Self { audience, scopes, claims } = self;
        for name in audience {
            check_name("audience", name)?;
        }
        // `scope-token` of RFC 6749, appendix A.4.
        let is_token = |c: u8| matches!(c, 0x21 | 0x23..=0x5b | 0x5d..=0x7e);
        if scopes.iter().any(|scope| scope.is_empty() || !scope.bytes().all(is_token)) {
            let must = "be printable ASCII without spaces, quotes and backslashes";
            return Err(InvalidGrant::new("scopes", must));
        }
        if audience.len() > MOST || scopes.len() > MOST {
            let field = if audience.len() > MOST { "audience" } else { "scopes" };
            return Err(InvalidGrant::new(field, "be 64 at most"));
        }
        if claims.keys().any(|name| RESERVED.contains(&name.as_str())) {
            return Err(InvalidGrant::new(
                "claims",
                "have no name that pgstead or a standard uses",
            ));
        }
        if self == &Self::default() {
            return Ok(None);
        }
        let aud = match &audience[..] {
            [] => None,
            [one] => Some(Audience::One(one.clone())),
            several => Some(Audience::Several(several.to_vec())),
        };
        let scope = (!scopes.is_empty()).then(|| scopes.join(" "));
        let stored = Stored { aud, scope, claims: claims.clone() };
        let stored = serde_json::to_string(&stored).expect("it is made of JSON");
        if stored.len() > LARGEST_CLAIMS {
            return Err(InvalidGrant::new("claims", "have 4096 bytes at most, as JSON"));
        }
        // PostgreSQL's text has no NUL; JSON has it as an escape.
        Ok(Some(stored))
    }

    /// What [`to_stored`](Self::to_stored) made. Something else that stands there says nothing.
    pub(crate) fn from_stored(stored: &str) -> Self {
        serde_json::from_str::<Stored>(stored).map(Self::from).unwrap_or_default()
    }

    /// Whether it is for that audience.
    #[must_use]
    pub fn is_for(&self, audience: &str) -> bool {
        self.audience.iter().any(|one| one == audience)
    }

    /// Whether it permits that.
    #[must_use]
    pub fn permits(&self, scope: &str) -> bool {
        self.scopes.iter().any(|one| one == scope)
    }
}

impl From<Stored> for Grant {
    fn from(Stored { aud, scope, claims }: Stored) -> Self {
        let audience = match aud {
            None => Vec::new(),
            Some(Audience::One(one)) => vec![one],
            Some(Audience::Several(several)) => several,
        };
        let scope = scope.unwrap_or_default();
        let scopes = scope.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect();
        Self { audience, scopes, claims }
    }
}

impl Claims {
    /// Reads the payload of a token whose signature is good, and who signed it.
    pub(crate) fn read(payload: &[u8]) -> Option<(Self, String)> {
        let payload: Payload = serde_json::from_slice(payload).ok()?;
        let seconds = |s: i64| u64::try_from(s).ok().map(Duration::from_secs);
        let claims = Self {
            session: payload.sid.parse().ok()?,
            user: payload.sub,
            tenant: payload.tenant,
            grant: payload.stored.into(),
            id: payload.jti,
            issued_at: seconds(payload.iat)?,
            expires_at: seconds(payload.exp)?,
            epoch: payload.epoch,
        };
        Some((claims, payload.iss))
    }
}

/// The payload of a token. `stored` is what [`Grant::to_stored`] made, or `{}`.
pub(crate) fn payload(head: &Head<'_>, audience: Option<&str>, stored: &str) -> String {
    let written = Written {
        iss: head.issuer,
        sub: head.user,
        sid: head.session.to_string(),
        jti: base62::encode(head.jti),
        iat: head.issued_at_s,
        exp: head.expires_at_s,
        epoch: head.epoch,
        tenant: head.tenant,
    };
    let mut payload = serde_json::to_string(&written).expect("it is made of text and numbers");
    let mut append = |members: &str| {
        if !members.is_empty() {
            payload.pop();
            payload.push(',');
            payload.push_str(members);
            payload.push('}');
        }
    };
    // Ours has no white space, and nothing in it but its members can begin like this.
    if let Some(audience) = audience.filter(|_| !stored.starts_with("{\"aud\":")) {
        let audience = serde_json::to_string(audience).expect("it is a text");
        append(&format!("\"aud\":{audience}"));
    }
    append(stored.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or_default());
    payload
}

impl InvalidGrant {
    pub(crate) fn new(field: &'static str, must: &'static str) -> Self {
        Self { field, must }
    }
}

impl fmt::Display for InvalidGrant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} must {}", self.field, self.must)
    }
}

impl error::Error for InvalidGrant {}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn head() -> Head<'static> {
        Head {
            issuer: "https://auth.example.com",
            user: "ada \"the\" first",
            tenant: None,
            session: Uuid::from_u128(7),
            jti: 5,
            issued_at_s: 1,
            expires_at_s: 2,
            epoch: 3,
        }
    }

    fn grant(audience: &[&str], scopes: &[&str], claims: Value) -> Grant {
        let own = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        let Value::Object(claims) = claims else { panic!("{claims}") };
        Grant { audience: own(audience), scopes: own(scopes), claims }
    }

    #[test]
    fn what_is_granted_stands_in_the_token() {
        for grant in [
            Grant::default(),
            grant(&["api"], &["read", "write"], json!({"role": "admin", "deep": {"a": [1, null]}})),
            grant(&["api", "web"], &[], json!({})),
            grant(&[], &[], json!({"a\"b": "}"})),
        ] {
            let stored = grant.to_stored().unwrap();
            let payload = payload(&head(), None, stored.as_deref().unwrap_or("{}"));
            let (claims, issuer) = Claims::read(payload.as_bytes()).unwrap();
            assert_eq!(claims.grant, grant);
            assert_eq!((claims.user.as_str(), issuer.as_str()), (head().user, head().issuer));
            if let Some(stored) = stored {
                assert_eq!(Grant::from_stored(&stored), grant);
            }
        }
    }

    #[test]
    fn an_audience_of_the_configuration_stands_where_none_is_named() {
        let audience = |stored: &str| {
            let payload = payload(&head(), Some("default"), stored);
            Claims::read(payload.as_bytes()).unwrap().0.grant.audience
        };
        assert_eq!(audience("{}"), ["default"]);
        assert_eq!(audience(r#"{"scope":"a"}"#), ["default"]);
        assert_eq!(audience(r#"{"aud":"own","scope":"a"}"#), ["own"]);
    }

    #[test]
    fn what_cannot_be_granted_is_told() {
        for (grant, message) in [
            (grant(&[""], &[], json!({})), "audience must have 1 to 256 bytes"),
            (
                grant(&[], &["a b"], json!({})),
                "scopes must be printable ASCII without spaces, quotes and backslashes",
            ),
            (
                grant(&[], &[], json!({"exp": 1})),
                "claims must have no name that pgstead or a standard uses",
            ),
            (
                grant(&[], &[], json!({"x": "y".repeat(4096)})),
                "claims must have 4096 bytes at most, as JSON",
            ),
        ] {
            assert_eq!(grant.to_stored().unwrap_err().to_string(), message);
        }
    }

    #[test]
    fn a_payload_that_is_not_ours_is_none() {
        for wrong in ["", "{}", "[]", "null", r#"{"iss":1}"#] {
            assert!(Claims::read(wrong.as_bytes()).is_none(), "{wrong}");
        }
    }
}
