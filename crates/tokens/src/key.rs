//! Keys: those that sign access tokens and those that prove refresh tokens.

use std::{fmt, str::FromStr};

use aws_lc_rs::{
    hmac, rand,
    rsa::{KeySize, PublicKey as RsaPublicKey},
    signature::{
        ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, ED25519, EcdsaKeyPair,
        Ed25519KeyPair, KeyPair as _, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256,
        RSA_PKCS1_SHA256, RsaKeyPair,
    },
};
use base64ct::{Base64UrlUnpadded, Encoding as _};
use pgstead_store::{KeyEncryptionKey, Unopened};
use serde::Serialize;
use zeroize::Zeroizing;

/// How access tokens are signed (RFC 7518, RFC 8037).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Algorithm {
    /// `EdDSA` with Ed25519: short and quick.
    #[default]
    Ed25519,
    /// ECDSA with P-256 and SHA-256, for verifiers that do not know Ed25519.
    Es256,
    /// RSA (PKCS #1 v1.5) of 2048 bits with SHA-256, for old ones. Signing takes half a millisecond.
    Rs256,
}

/// A word that is no algorithm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownAlgorithm(String);

/// Names a key in tokens (`kid`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(pub(crate) u32);

/// The secret part of a key that signs.
pub(crate) enum SigningKey {
    Ed25519(Box<Ed25519KeyPair>),
    Es256(Box<EcdsaKeyPair>),
    Rs256(Box<RsaKeyPair>),
}

/// The public part of one, which is no secret.
#[derive(Debug)]
pub(crate) struct VerifyingKey {
    pub(crate) algorithm: Algorithm,
    pub(crate) parsed: ParsedPublicKey,
    pub(crate) jwk: Jwk,
}

/// A public key as a verifier reads it (RFC 7517, RFC 7518, RFC 8037).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Jwk {
    kty: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    crv: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    x: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    y: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    n: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    e: Option<String>,
    kid: String,
    alg: &'static str,
    #[serde(rename = "use")]
    usage: &'static str,
}

/// A new key: what is public of it, and what is sealed.
pub(crate) struct Generated {
    pub(crate) public: Option<Vec<u8>>,
    pub(crate) secret: Zeroizing<Vec<u8>>,
}

/// What a key is for, which is sealed with it: one cannot be put in another's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    Sign(Algorithm),
    /// HMAC-SHA-256
    Prove,
    /// No key: an answer with tokens in it.
    Keep,
}

/// Seals a key for its purpose. What is no key has the id 0.
pub(crate) fn seal(
    kek: &KeyEncryptionKey,
    purpose: Purpose,
    kid: KeyId,
    secret: &[u8],
) -> Result<Vec<u8>, Unopened> {
    kek.seal(&what(purpose, kid), secret)
}

pub(crate) fn open(
    kek: &KeyEncryptionKey,
    purpose: Purpose,
    kid: KeyId,
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, Unopened> {
    kek.open(&what(purpose, kid), sealed)
}

fn what(purpose: Purpose, kid: KeyId) -> String {
    format!("pgstead token key {} {}", purpose.as_str(), kid.0)
}

impl Algorithm {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Ed25519, Self::Es256, Self::Rs256];

    /// Its name in tokens (`alg`).
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ed25519 => "EdDSA",
            Self::Es256 => "ES256",
            Self::Rs256 => "RS256",
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Algorithm {
    type Err = UnknownAlgorithm;

    fn from_str(text: &str) -> Result<Self, UnknownAlgorithm> {
        let known = Self::ALL.into_iter().find(|known| known.as_str() == text);
        known.ok_or_else(|| UnknownAlgorithm(text.to_owned()))
    }
}

impl fmt::Display for UnknownAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = Algorithm::ALL.map(Algorithm::as_str).join(", ");
        write!(f, "{:?} is no algorithm; there are {known}", self.0)
    }
}

impl std::error::Error for UnknownAlgorithm {}

impl Purpose {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Sign(algorithm) => algorithm.as_str(),
            Self::Prove => "HS256",
            Self::Keep => "answer",
        }
    }

    pub(crate) fn read(text: &str) -> Option<Self> {
        match text {
            "HS256" => Some(Self::Prove),
            text => text.parse().ok().map(Self::Sign),
        }
    }

    /// A new key for it.
    pub(crate) fn generate(self) -> Generated {
        const MADE: &str = "the system has randomness";
        let (public, secret) = match self {
            Self::Prove | Self::Keep => {
                let mut bytes = vec![0; 32];
                rand::fill(&mut bytes).expect(MADE);
                (None, bytes)
            }
            Self::Sign(Algorithm::Ed25519) => {
                let pair = Ed25519KeyPair::generate().expect(MADE);
                let secret = pair.to_pkcs8().expect("it is whole").as_ref().to_vec();
                (Some(pair.public_key().as_ref().to_vec()), secret)
            }
            Self::Sign(Algorithm::Es256) => {
                let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).expect(MADE);
                let secret = pair.to_pkcs8v1().expect("it is whole").as_ref().to_vec();
                (Some(pair.public_key().as_ref().to_vec()), secret)
            }
            Self::Sign(Algorithm::Rs256) => {
                let pair = RsaKeyPair::generate(KeySize::Rsa2048).expect(MADE);
                let secret: aws_lc_rs::encoding::Pkcs8V1Der<'_> =
                    aws_lc_rs::encoding::AsDer::as_der(&pair).expect("it is whole");
                (Some(pair.public_key().as_ref().to_vec()), secret.as_ref().to_vec())
            }
        };
        Generated { public, secret: Zeroizing::new(secret) }
    }
}

impl KeyId {
    pub(crate) fn random() -> Self {
        let mut bytes = [0; 4];
        rand::fill(&mut bytes).expect("the system has randomness");
        Self(u32::from_be_bytes(bytes))
    }

    /// As it stands in a token.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let id = Self(base62::decode(text).ok()?.try_into().ok()?);
        // One key has one name.
        (id.to_string() == text).then_some(id)
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:0>6}", base62::encode(self.0))
    }
}

impl SigningKey {
    pub(crate) fn read(algorithm: Algorithm, secret: &[u8]) -> Result<Self, Unopened> {
        let rejected = |_| Unopened;
        Ok(match algorithm {
            Algorithm::Ed25519 => {
                Self::Ed25519(Box::new(Ed25519KeyPair::from_pkcs8(secret).map_err(rejected)?))
            }
            Algorithm::Es256 => {
                let signs = &ECDSA_P256_SHA256_FIXED_SIGNING;
                Self::Es256(Box::new(EcdsaKeyPair::from_pkcs8(signs, secret).map_err(rejected)?))
            }
            Algorithm::Rs256 => {
                Self::Rs256(Box::new(RsaKeyPair::from_pkcs8(secret).map_err(rejected)?))
            }
        })
    }

    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        const SIGNS: &str = "a key that was read signs anything";
        let random = rand::SystemRandom::new();
        match self {
            Self::Ed25519(pair) => pair.sign(message).as_ref().to_vec(),
            Self::Es256(pair) => pair.sign(&random, message).expect(SIGNS).as_ref().to_vec(),
            Self::Rs256(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature).expect(SIGNS);
                signature
            }
        }
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(…)")
    }
}

impl VerifyingKey {
    /// From the public part as it is stored.
    pub(crate) fn read(algorithm: Algorithm, kid: KeyId, public: &[u8]) -> Option<Self> {
        let parsed = match algorithm {
            Algorithm::Ed25519 => ParsedPublicKey::new(&ED25519, public),
            Algorithm::Es256 => ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, public),
            Algorithm::Rs256 => ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, public),
        };
        let jwk = Jwk::new(algorithm, kid, public)?;
        Some(Self { algorithm, parsed: parsed.ok()?, jwk })
    }
}

impl Jwk {
    fn new(algorithm: Algorithm, kid: KeyId, public: &[u8]) -> Option<Self> {
        let text = |bytes: &[u8]| Some(Base64UrlUnpadded::encode_string(bytes));
        let jwk = Self {
            kty: "",
            crv: None,
            x: None,
            y: None,
            n: None,
            e: None,
            kid: kid.to_string(),
            alg: algorithm.as_str(),
            usage: "sig",
        };
        Some(match algorithm {
            Algorithm::Ed25519 => Self { kty: "OKP", crv: Some("Ed25519"), x: text(public), ..jwk },
            Algorithm::Es256 => {
                // Uncompressed: 4, x, y (SEC 1, 2.3.3).
                let point: &[u8; 65] = public.try_into().ok()?;
                let (x, y) = point[1..].split_at(32);
                Self { kty: "EC", crv: Some("P-256"), x: text(x), y: text(y), ..jwk }
            }
            Algorithm::Rs256 => {
                let public = RsaPublicKey::from_der(public).ok()?;
                let n = text(public.modulus().big_endian_without_leading_zero());
                let e = text(public.exponent().big_endian_without_leading_zero());
                Self { kty: "RSA", n, e, ..jwk }
            }
        })
    }
}

/// The key that proves refresh tokens.
pub(crate) fn proving(secret: &[u8]) -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA256, secret)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_opened_for_its_purpose() {
        let kek = KeyEncryptionKey::generate();
        let sealed = seal(&kek, Purpose::Prove, KeyId(1), b"secret").unwrap();
        assert_eq!(&*open(&kek, Purpose::Prove, KeyId(1), &sealed).unwrap(), b"secret");
        assert!(open(&kek, Purpose::Prove, KeyId(2), &sealed).is_err());
        assert!(open(&kek, Purpose::Sign(Algorithm::Ed25519), KeyId(1), &sealed).is_err());
    }

    #[test]
    fn what_a_key_signs_its_public_part_verifies() {
        for algorithm in Algorithm::ALL {
            let Generated { public, secret } = Purpose::Sign(algorithm).generate();
            let signing = SigningKey::read(algorithm, &secret).unwrap();
            let public = public.unwrap();
            let verifying = VerifyingKey::read(algorithm, KeyId(7), &public).unwrap();
            let signature = signing.sign(b"message");
            verifying.parsed.verify_sig(b"message", &signature).unwrap();
            assert!(verifying.parsed.verify_sig(b"massage", &signature).is_err());
            assert_eq!(algorithm.to_string().parse(), Ok(algorithm));
        }
        let message = "HS256".parse::<Algorithm>().unwrap_err().to_string();
        assert_eq!(message, "\"HS256\" is no algorithm; there are EdDSA, ES256, RS256");
    }

    #[test]
    fn a_key_has_one_name() {
        for id in [KeyId(0), KeyId(61), KeyId(u32::MAX)] {
            assert_eq!(KeyId::read(&id.to_string()), Some(id));
            assert_eq!(id.to_string().len(), 6);
        }
        for wrong in ["", "0", "0000000", "zzzzzz", "é"] {
            assert_eq!(KeyId::read(wrong), None, "{wrong}");
        }
    }
}
