//! Signatures: those of Standard Webhooks 1.0 (`v1`, HMAC-SHA-256, and `v1a`, Ed25519), and
//! `X-Hub-Signature-256` as GitHub sends it.
//!
//! What is signed by the former is the event's id, the time in seconds since 1970 and the body, with full
//! stops in between; by the latter, the body alone.

use std::{fmt, str::FromStr};

use aws_lc_rs::{
    hmac, rand,
    signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey},
};
use base64ct::{Base64, Encoding as _};
use zeroize::Zeroizing;

/// How something is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum SignatureKind {
    /// HMAC-SHA-256 of Standard Webhooks. Both sides have the secret: `whsec_…`.
    V1,
    /// Ed25519 of Standard Webhooks. Receivers have the public key: `whpk_…`.
    V1a,
    /// HMAC-SHA-256 in hexadecimal, over the body alone: `X-Hub-Signature-256`. For receivers that
    /// verify what GitHub sends; it does not keep anybody from sending it once more.
    Hub,
}

/// A secret that signs, to be shown to whom it is for.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

/// A text that is no such secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidSecret {
    kind: SignatureKind,
}

/// A word that is no kind of signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownSignature(String);

/// A secret as it is kept, and what of it is public.
pub(crate) struct Made {
    pub(crate) kind: SignatureKind,
    /// What is sealed.
    pub(crate) kept: Zeroizing<Vec<u8>>,
    pub(crate) public: Option<Vec<u8>>,
    /// What its receiver needs: the secret, or the public key.
    pub(crate) shown: Secret,
}

/// Signs.
pub(crate) enum Signer {
    V1(hmac::Key),
    V1a(Box<Ed25519KeyPair>),
    Hub(hmac::Key),
}

/// Verifies what is signed as Standard Webhooks says.
pub(crate) enum Verifier {
    V1(Box<hmac::Key>),
    V1a(Vec<u8>),
}

/// Header fields that say who signed what when.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Signatures {
    /// `webhook-signature`
    pub(crate) standard: Option<String>,
    /// `x-hub-signature-256`
    pub(crate) hub: Option<String>,
}

const SECRET: &str = "whsec_";
const PUBLIC: &str = "whpk_";
/// How many bytes a secret of `v1` has.
const V1_BYTES: std::ops::RangeInclusive<usize> = 24..=64;
/// How many bytes a text has that signs for GitHub's form.
const HUB_BYTES: std::ops::RangeInclusive<usize> = 16..=256;

impl SignatureKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::V1, Self::V1a, Self::Hub];

    /// Its word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V1 => "v1",
            Self::V1a => "v1a",
            Self::Hub => "hub",
        }
    }

    /// A new secret.
    pub(crate) fn generate(self) -> Made {
        const MADE: &str = "the system has randomness";
        match self {
            Self::V1 => {
                let mut bytes = Zeroizing::new(vec![0; 24]);
                rand::fill(&mut bytes).expect(MADE);
                let text = Zeroizing::new(Base64::encode_string(&bytes));
                let shown = Secret(Zeroizing::new(format!("{SECRET}{}", *text)));
                Made { kind: self, kept: bytes, public: None, shown }
            }
            Self::V1a => {
                let pair = Ed25519KeyPair::generate().expect(MADE);
                let kept = Zeroizing::new(pair.to_pkcs8().expect("it is whole").as_ref().to_vec());
                let public = pair.public_key().as_ref().to_vec();
                let shown = Secret(Zeroizing::new(public_key(&public)));
                Made { kind: self, kept, public: Some(public), shown }
            }
            Self::Hub => {
                let mut bytes = Zeroizing::new([0; 16]);
                rand::fill(&mut *bytes).expect(MADE);
                let text = format!("{:0>22}", base62::encode(u128::from_be_bytes(*bytes)));
                let kept = Zeroizing::new(text.clone().into_bytes());
                Made { kind: self, kept, public: None, shown: Secret(Zeroizing::new(text)) }
            }
        }
    }

    /// One that somebody has already: receivers need not change anything. There is none of `v1a`.
    pub(crate) fn take(self, text: &str) -> Result<Made, InvalidSecret> {
        let invalid = InvalidSecret { kind: self };
        let kept = match self {
            Self::V1 => read_v1(text).ok_or(invalid)?,
            Self::Hub if HUB_BYTES.contains(&text.len()) => {
                Zeroizing::new(text.as_bytes().to_vec())
            }
            Self::Hub | Self::V1a => return Err(invalid),
        };
        let shown = Secret(Zeroizing::new(text.to_owned()));
        Ok(Made { kind: self, kept, public: None, shown })
    }
}

fn read_v1(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let digits = text.strip_prefix(SECRET)?;
    let bytes = Zeroizing::new(Base64::decode_vec(digits).ok()?);
    V1_BYTES.contains(&bytes.len()).then_some(bytes)
}

/// The text that stands for a public key.
pub(crate) fn public_key(bytes: &[u8]) -> String {
    format!("{PUBLIC}{}", Base64::encode_string(bytes))
}

impl Signer {
    /// Of what was kept.
    pub(crate) fn read(kind: SignatureKind, kept: &[u8]) -> Option<Self> {
        Some(match kind {
            SignatureKind::V1 => Self::V1(hmac::Key::new(hmac::HMAC_SHA256, kept)),
            SignatureKind::V1a => Self::V1a(Box::new(Ed25519KeyPair::from_pkcs8(kept).ok()?)),
            SignatureKind::Hub => Self::Hub(hmac::Key::new(hmac::HMAC_SHA256, kept)),
        })
    }
}

/// Signs with all of them: who has been told the newest secret only and who still has the one before find
/// theirs. `X-Hub-Signature-256` has room for one, which is that of the first.
pub(crate) fn sign(signers: &[Signer], id: &str, timestamp: i64, body: &[u8]) -> Signatures {
    let content = content(id, &timestamp.to_string(), body);
    let mut standard: Vec<String> = Vec::new();
    let mut hub = None;
    for signer in signers {
        match signer {
            Signer::V1(key) => {
                let tag = hmac::sign(key, &content);
                standard.push(format!("v1,{}", Base64::encode_string(tag.as_ref())));
            }
            Signer::V1a(pair) => {
                let signature = pair.sign(&content);
                standard.push(format!("v1a,{}", Base64::encode_string(signature.as_ref())));
            }
            Signer::Hub(key) if hub.is_none() => {
                hub = Some(format!("sha256={}", hex(hmac::sign(key, body).as_ref())));
            }
            Signer::Hub(_) => {}
        }
    }
    let standard = if standard.is_empty() { None } else { Some(standard.join(" ")) };
    Signatures { standard, hub }
}

impl Verifier {
    /// Of a secret, `whsec_…`, or a public key, `whpk_…`.
    pub(crate) fn read(text: &str) -> Option<Self> {
        if let Some(digits) = text.strip_prefix(PUBLIC) {
            let bytes = Base64::decode_vec(digits).ok()?;
            return (bytes.len() == 32).then_some(Self::V1a(bytes));
        }
        let bytes = read_v1(text)?;
        Some(Self::V1(Box::new(hmac::Key::new(hmac::HMAC_SHA256, &bytes))))
    }

    /// Whether one of the signatures in the header is of this secret.
    pub(crate) fn verify(&self, id: &str, timestamp: &str, body: &[u8], signatures: &str) -> bool {
        let content = content(id, timestamp, body);
        signatures.split(' ').any(|signature| {
            let Some((version, digits)) = signature.split_once(',') else { return false };
            let Ok(bytes) = Base64::decode_vec(digits) else { return false };
            match self {
                Self::V1(key) => version == "v1" && hmac::verify(key, &content, &bytes).is_ok(),
                Self::V1a(public) => {
                    let key = UnparsedPublicKey::new(&ED25519, public);
                    version == "v1a" && key.verify(&content, &bytes).is_ok()
                }
            }
        })
    }
}

fn content(id: &str, timestamp: &str, body: &[u8]) -> Vec<u8> {
    let mut content = Vec::with_capacity(id.len() + timestamp.len() + body.len() + 2);
    content.extend_from_slice(id.as_bytes());
    content.push(b'.');
    content.extend_from_slice(timestamp.as_bytes());
    content.push(b'.');
    content.extend_from_slice(body);
    content
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        for half in [byte >> 4, byte & 0xf] {
            text.push(char::from_digit(half.into(), 16).expect("it is less than 16"));
        }
        text
    })
}

/// The bytes of hexadecimal digits, of either case.
pub(crate) fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text
        .chars()
        .map(|c| c.to_digit(16).map(|digit| u8::try_from(digit).unwrap_or(0)))
        .collect::<Option<_>>()?;
    if digits.len() % 2 == 1 {
        return None;
    }
    Some(digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}

impl Secret {
    /// It, to show it to whom it is for.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl fmt::Display for SignatureKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for SignatureKind {
    type Err = UnknownSignature;

    fn from_str(text: &str) -> Result<Self, UnknownSignature> {
        let known = Self::ALL.into_iter().find(|known| known.as_str() == text);
        known.ok_or_else(|| UnknownSignature(text.to_owned()))
    }
}

impl fmt::Display for UnknownSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is no kind of signature; there are v1, v1a, hub", self.0)
    }
}

impl std::error::Error for UnknownSignature {}

impl fmt::Display for InvalidSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            SignatureKind::V1 => "a secret of v1 is whsec_ and 24 to 64 bytes in base64",
            SignatureKind::V1a => "a secret of v1a is made here and cannot be brought",
            SignatureKind::Hub => "a secret of hub has 16 to 256 bytes",
        })
    }
}

impl std::error::Error for InvalidSecret {}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk";
    const AT: i64 = 1_649_367_553;
    const BODY: &[u8] = br#"{"email":"test@example.com","username":"test_user"}"#;
    const KEY: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
    const SIGNED: &str = "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=";

    fn signer(made: &Made) -> Signer {
        Signer::read(made.kind, &made.kept).unwrap()
    }

    /// That of the specification.
    #[test]
    fn the_vector_of_standard_webhooks_holds_both_ways() {
        let made = SignatureKind::V1.take(KEY).unwrap();
        let signatures = sign(&[signer(&made)], ID, AT, BODY);
        assert_eq!(signatures.standard.as_deref(), Some(SIGNED));
        let verifier = Verifier::read(KEY).unwrap();
        let at = AT.to_string();
        assert!(verifier.verify(ID, &at, BODY, SIGNED));
        assert!(verifier.verify(ID, &at, BODY, &format!("v1,AAAA v2,x {SIGNED}")));
        for (id, at, body, signatures) in [
            ("msg_x", &*at, BODY, SIGNED),
            (ID, "1649367554", BODY, SIGNED),
            (ID, &at, b"{}", SIGNED),
            (ID, &at, BODY, ""),
            (ID, &at, BODY, &SIGNED[3..]),
            (ID, &at, BODY, &SIGNED.replace("v1,", "v1a,")),
        ] {
            assert!(!verifier.verify(id, at, body, signatures), "{signatures}");
        }
    }

    /// That of GitHub's documentation.
    #[test]
    fn the_vector_of_github_holds() {
        let made = SignatureKind::Hub.take("It's a Secret to Everybody").unwrap();
        let signatures = sign(&[signer(&made)], ID, AT, b"Hello, World!");
        assert_eq!(
            signatures.hub.as_deref(),
            Some("sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17")
        );
        assert_eq!(signatures.standard, None);
    }

    #[test]
    fn what_is_made_signs_and_is_verified() {
        for kind in [SignatureKind::V1, SignatureKind::V1a] {
            let (made, other) = (kind.generate(), kind.generate());
            let signatures = sign(&[signer(&other), signer(&made)], ID, AT, BODY).standard.unwrap();
            assert_eq!(signatures.split(' ').count(), 2);
            for one in [&made, &other] {
                let verifier = Verifier::read(one.shown.reveal()).unwrap();
                assert!(verifier.verify(ID, &AT.to_string(), BODY, &signatures), "{kind}");
            }
            let stranger = Verifier::read(kind.generate().shown.reveal()).unwrap();
            assert!(!stranger.verify(ID, &AT.to_string(), BODY, &signatures), "{kind}");
            assert_eq!(format!("{:?}", made.shown), "Secret(…)");
        }
        let made = SignatureKind::Hub.generate();
        assert!(sign(&[signer(&made)], ID, AT, BODY).hub.is_some());
    }

    #[test]
    fn what_is_no_secret_is_told() {
        for wrong in ["", "whsec_", "whsec_AAAA", "C2FVsBQIhrscChlQIMV+b5sSYspob7oD", "whsec_é"] {
            assert!(SignatureKind::V1.take(wrong).is_err(), "{wrong}");
        }
        assert!(SignatureKind::V1a.take("whsk_x").is_err());
        assert!(SignatureKind::Hub.take("short").is_err());
        assert_eq!("v2".parse::<SignatureKind>(), Err(UnknownSignature("v2".to_owned())));
    }

    #[test]
    fn hexadecimal_digits_come_and_go() {
        assert_eq!(unhex(&hex(&[0, 0xaf, 0x10])).unwrap(), [0, 0xaf, 0x10]);
        assert_eq!(unhex("AF").unwrap(), [0xaf]);
        assert!(unhex("a").is_none() && unhex("zz").is_none());
    }
}
