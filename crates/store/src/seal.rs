//! Seals what is kept in the database and must not be read there: AES-256-GCM.

use std::{fmt, str::FromStr};

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey},
    digest, rand,
};
use base64ct::{Base64UrlUnpadded, Encoding as _};
use zeroize::Zeroizing;

/// Seals keys and secrets in the database: 256 bits that are kept elsewhere. Without it nobody can use
/// them, and whoever has only the database cannot either.
#[derive(Clone)]
pub struct KeyEncryptionKey(Zeroizing<[u8; 32]>);

/// A text that is no key-encryption key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidKey;

/// Nothing could be sealed or opened: another key-encryption key, or something that was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unopened;

impl KeyEncryptionKey {
    /// A new one.
    #[must_use]
    pub fn generate() -> Self {
        let mut bytes = Zeroizing::new([0; 32]);
        rand::fill(&mut *bytes).expect("the system has randomness");
        Self(bytes)
    }

    /// The text that [`FromStr`] reads, to keep it.
    #[must_use]
    pub fn reveal(&self) -> Zeroizing<String> {
        Zeroizing::new(Base64UrlUnpadded::encode_string(&*self.0))
    }

    /// What tells it from others and says nothing else.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let mut told = digest::Context::new(&digest::SHA256);
        told.update(b"pgstead key-encryption key");
        told.update(&*self.0);
        let hash = told.finish();
        let part = hash.as_ref()[..8].try_into().expect("SHA-256 has 32 bytes");
        base62::encode(u64::from_be_bytes(part))
    }

    /// Nonce, ciphertext and tag. `what` says what it is, and is needed to open it: one cannot be put in
    /// another's place.
    pub fn seal(&self, what: &str, secret: &[u8]) -> Result<Vec<u8>, Unopened> {
        let mut text = secret.to_vec();
        let key = self.key()?;
        let nonce = key
            .seal_in_place_append_tag(Aad::from(what), &mut text)
            .map_err(|_unspecified| Unopened)?;
        Ok([&nonce.as_ref()[..], &text].concat())
    }

    /// What was sealed as that.
    pub fn open(&self, what: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Unopened> {
        let (nonce, text) = sealed.split_at_checked(NONCE_LEN).ok_or(Unopened)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_unspecified| Unopened)?;
        let mut text = Zeroizing::new(text.to_vec());
        let secret = self
            .key()?
            .open_in_place(nonce, Aad::from(what), &mut text)
            .map_err(|_unspecified| Unopened)?
            .len();
        text.truncate(secret);
        Ok(text)
    }

    fn key(&self) -> Result<RandomizedNonceKey, Unopened> {
        RandomizedNonceKey::new(&AES_256_GCM, &*self.0).map_err(|_unspecified| Unopened)
    }
}

impl FromStr for KeyEncryptionKey {
    type Err = InvalidKey;

    /// Reads 32 bytes in base64, of either alphabet, padded or not.
    fn from_str(text: &str) -> Result<Self, InvalidKey> {
        let text =
            Zeroizing::new(text.trim().trim_end_matches('=').replace('+', "-").replace('/', "_"));
        let mut bytes = Zeroizing::new([0; 32]);
        let read = Base64UrlUnpadded::decode(&*text, &mut *bytes).map_err(|_| InvalidKey)?;
        if read.len() == 32 { Ok(Self(bytes)) } else { Err(InvalidKey) }
    }
}

impl fmt::Debug for KeyEncryptionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyEncryptionKey(…)")
    }
}

impl fmt::Display for InvalidKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "a key-encryption key is 32 bytes in base64: `openssl rand -base64 32` makes one",
        )
    }
}

impl std::error::Error for InvalidKey {}

impl fmt::Display for Unopened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("it was sealed by another key-encryption key, or was changed")
    }
}

impl std::error::Error for Unopened {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_is_opened_by_its_key_as_what_it_is() {
        let kek = KeyEncryptionKey::generate();
        let sealed = kek.seal("this", b"secret").unwrap();
        assert_eq!(&*kek.open("this", &sealed).unwrap(), b"secret");
        assert!(!sealed.windows(6).any(|part| part == b"secret"));
        let again = kek.seal("this", b"secret").unwrap();
        assert_ne!(sealed, again, "a nonce is used once");
        let other = KeyEncryptionKey::generate();
        assert!(other.open("this", &sealed).is_err());
        assert!(kek.open("that", &sealed).is_err());
        for wrong in [&sealed[..NONCE_LEN - 1], &sealed[..sealed.len() - 1], &[]] {
            assert!(kek.open("this", wrong).is_err());
        }
    }

    #[test]
    fn a_key_encryption_key_is_read_as_openssl_writes_it() {
        let kek = KeyEncryptionKey(Zeroizing::new([0xfb; 32]));
        let padded = "+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/s=\n";
        for text in [&*kek.reveal(), padded] {
            let read: KeyEncryptionKey = text.parse().unwrap();
            assert_eq!(read.fingerprint(), kek.fingerprint(), "{text}");
        }
        for wrong in ["", "x", "AAAA", &"A".repeat(44), &"A".repeat(400)] {
            assert_eq!(wrong.parse::<KeyEncryptionKey>().unwrap_err(), InvalidKey, "{wrong}");
        }
        assert_eq!(format!("{kek:?}"), "KeyEncryptionKey(…)");
    }
}
