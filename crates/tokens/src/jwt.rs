//! Access tokens: JWS in compact form (RFC 7515), by the rules of RFC 8725.
//!
//! A token names one key, the key names one algorithm, and the token has to name that: no other is
//! ever tried. Why this is no library: `docs/decisions/0012-tokens.md`.

use base64ct::{Base64UrlUnpadded, Encoding as _};
use serde::Deserialize;

use crate::key::{Algorithm, KeyId, SigningKey, VerifyingKey};

/// What kind of JWT it is (RFC 9068): one that was made for something else is none of ours.
const TYPE: &str = "at+jwt";
/// The most bytes of a token. Ours have 8 KiB at most.
pub(crate) const LONGEST: usize = 16 * 1024;

/// Makes tokens with one key.
#[derive(Debug)]
pub(crate) struct Signer {
    key: SigningKey,
    /// The header, encoded, and the dot behind it.
    header: String,
}

/// What a token names, before its signature has been looked at.
pub(crate) struct Token<'a> {
    /// Header and payload, encoded, with the dot between them.
    signed: &'a str,
    payload: &'a str,
    signature: &'a str,
    pub(crate) kid: KeyId,
    algorithm: Algorithm,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Header<'a> {
    #[serde(borrow)]
    alg: &'a str,
    typ: &'a str,
    kid: &'a str,
}

impl Signer {
    pub(crate) fn new(algorithm: Algorithm, kid: KeyId, key: SigningKey) -> Self {
        let header = format!(r#"{{"alg":"{algorithm}","typ":"{TYPE}","kid":"{kid}"}}"#);
        let header = Base64UrlUnpadded::encode_string(header.as_bytes()) + ".";
        Self { key, header }
    }

    /// The token that says this.
    pub(crate) fn sign(&self, payload: &str) -> String {
        let mut token = self.header.clone();
        token.push_str(&Base64UrlUnpadded::encode_string(payload.as_bytes()));
        let signature = self.key.sign(token.as_bytes());
        token.push('.');
        token.push_str(&Base64UrlUnpadded::encode_string(&signature));
        token
    }
}

impl<'a> Token<'a> {
    /// What a token names that has the form of ours.
    pub(crate) fn read(text: &'a str) -> Option<Self> {
        if text.len() > LONGEST {
            return None;
        }
        let (signed, signature) = text.rsplit_once('.')?;
        let (header, payload) = signed.split_once('.')?;
        if payload.contains('.') {
            return None;
        }
        // Header fields that we do not know, `crit` above all, are not ours.
        let header = Base64UrlUnpadded::decode_vec(header).ok()?;
        let Header { alg, typ, kid } = serde_json::from_slice(&header).ok()?;
        let (kid, algorithm) = (KeyId::read(kid)?, alg.parse().ok()?);
        (typ == TYPE).then_some(Self { signed, payload, signature, kid, algorithm })
    }

    /// The payload, if that key has signed it.
    pub(crate) fn verify(&self, key: &VerifyingKey) -> Option<Vec<u8>> {
        if self.algorithm != key.algorithm {
            return None;
        }
        let signature = Base64UrlUnpadded::decode_vec(self.signature).ok()?;
        key.parsed.verify_sig(self.signed.as_bytes(), &signature).ok()?;
        Base64UrlUnpadded::decode_vec(self.payload).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::Purpose;

    fn pair(algorithm: Algorithm, kid: u32) -> (Signer, VerifyingKey) {
        let made = Purpose::Sign(algorithm).generate();
        let key = SigningKey::read(algorithm, &made.secret).unwrap();
        let public = made.public.unwrap();
        let verifying = VerifyingKey::read(algorithm, KeyId(kid), &public).unwrap();
        (Signer::new(algorithm, KeyId(kid), key), verifying)
    }

    fn encode(text: &str) -> String {
        Base64UrlUnpadded::encode_string(text.as_bytes())
    }

    #[test]
    fn a_token_is_verified_by_its_key_and_no_other() {
        for algorithm in Algorithm::ALL {
            let (signer, key) = pair(algorithm, 1);
            let (_, other) = pair(algorithm, 1);
            let text = signer.sign("{}");
            let token = Token::read(&text).unwrap();
            assert_eq!(token.kid, KeyId(1));
            assert_eq!(token.verify(&key).as_deref(), Some(&b"{}"[..]));
            assert_eq!(token.verify(&other), None);
        }
    }

    /// The public key is public: as the secret of an HMAC it proves nothing (RFC 8725, 2.1).
    #[test]
    fn a_token_that_is_proven_with_a_public_key_is_none() {
        use aws_lc_rs::hmac;
        for algorithm in Algorithm::ALL {
            let made = Purpose::Sign(algorithm).generate();
            let public = made.public.unwrap();
            let key = VerifyingKey::read(algorithm, KeyId(1), &public).unwrap();
            for named in ["HS256", algorithm.as_str()] {
                let header = format!(r#"{{"alg":"{named}","typ":"at+jwt","kid":"000001"}}"#);
                let signed = format!("{}.{}", encode(&header), encode("{}"));
                let secret = hmac::Key::new(hmac::HMAC_SHA256, &public);
                let tag = hmac::sign(&secret, signed.as_bytes());
                let text = format!("{signed}.{}", Base64UrlUnpadded::encode_string(tag.as_ref()));
                let verified = Token::read(&text).and_then(|token| token.verify(&key));
                assert_eq!(verified, None, "{text}");
            }
        }
    }

    #[test]
    fn a_token_that_was_tampered_with_is_none() {
        let (signer, key) = pair(Algorithm::Ed25519, 1);
        let (es256, _) = pair(Algorithm::Es256, 1);
        let text = signer.sign("{\"a\":1}");
        let [header, payload, signature] = text.split('.').collect::<Vec<_>>()[..] else {
            panic!("{text}");
        };
        let with_header = |header: &str| format!("{}.{payload}.{signature}", encode(header));
        let good = r#"{"alg":"EdDSA","typ":"at+jwt","kid":"000001"}"#;
        let verifies =
            |text: &str| Token::read(text).and_then(|token| token.verify(&key)).is_some();
        assert!(verifies(&text));
        assert!(verifies(&with_header(good)));
        let tampered = [
            // None, and keys that are taken for something else.
            with_header(&good.replace("EdDSA", "none")),
            format!("{}.{payload}.", encode(&good.replace("EdDSA", "none"))),
            with_header(&good.replace("EdDSA", "HS256")),
            with_header(&good.replace("EdDSA", "ES256")),
            with_header(&good.replace("EdDSA", "eddsa")),
            es256.sign("{\"a\":1}"),
            // Keys that nobody knows, or that the token brings along.
            with_header(&good.replace("000001", "00001")),
            with_header(&good.replace("000001", "../../etc/passwd")),
            with_header(&good.replace('}', r#","jwk":{"kty":"OKP"}}"#)),
            with_header(&good.replace('}', r#","jku":"https://evil.example"}"#)),
            with_header(&good.replace('}', r#","crit":["exp"]}"#)),
            with_header(&good.replace('}', r#","b64":false}"#)),
            with_header(&good.replace('}', r#","alg":"EdDSA"}"#)),
            // Another kind.
            with_header(&good.replace("at+jwt", "JWT")),
            with_header(r#"{"alg":"EdDSA","kid":"000001"}"#),
            with_header("null"),
            with_header(""),
            // Form.
            String::new(),
            ".".to_owned(),
            "..".to_owned(),
            "...".to_owned(),
            format!("{header}.{payload}"),
            format!("{header}.{payload}."),
            format!("{header}.{payload}.{signature}."),
            format!("{header}.{payload}.{signature}.{signature}"),
            format!("{header}.{payload}.{signature}="),
            format!("{header}.{payload}.{signature}A"),
            format!("{header}.{payload}.{}", &signature[..signature.len() - 2]),
            format!(" {text}"),
            format!("{text}\n"),
            format!("{header}.{}.{signature}", encode("{\"a\":2}")),
            format!("{header}.{}.{signature}", encode(&"x".repeat(LONGEST))),
            format!("{header}.{payload}.{}", "A".repeat(86)),
        ];
        for tampered in tampered {
            assert!(!verifies(&tampered), "{tampered}");
        }
        for end in 0..text.len() {
            assert!(!verifies(&text[..end]), "{end}");
        }
    }
}
