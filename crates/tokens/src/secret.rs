//! Refresh tokens: what stands in one, and how it is proven.
//!
//! A token is `pgs_rt_` and digits of base 62, of fixed widths: the session's id (22), the key's id and
//! the number of the token (11), the MAC (44), and the CRC-32 of all that (6). The MAC is
//! HMAC-SHA-256 (RFC 2104) over session and number. So a token is derived and not stored: whoever has
//! the database can make none, and what is mistyped or made up is refused without the database.

use std::fmt;

use aws_lc_rs::{constant_time, hmac};
use uuid::Uuid;

use crate::{key::KeyId, session::SessionId};

/// A refresh token, or an access token, as its holder sends it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Box<str>);

/// What a refresh token says, before anybody has looked whether it is true.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Refresh {
    pub(crate) session: SessionId,
    pub(crate) kid: KeyId,
    /// Which of the session's tokens it is, counted from 0.
    pub(crate) number: u32,
}

/// What every refresh token begins with: secret scanners know it by that.
pub const PREFIX: &str = "pgs_rt_";
const SESSION_DIGITS: usize = 22;
const NUMBER_DIGITS: usize = 11;
const HALF_MAC_DIGITS: usize = 22;
const CHECK_DIGITS: usize = 6;
const DIGITS: usize = SESSION_DIGITS + NUMBER_DIGITS + 2 * HALF_MAC_DIGITS + CHECK_DIGITS;

impl Secret {
    pub(crate) fn new(text: impl Into<Box<str>>) -> Self {
        Self(text.into())
    }

    /// The token, to give it to its holder.
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

impl Refresh {
    /// The token, proven by that key.
    pub(crate) fn write(self, key: &hmac::Key) -> Secret {
        let tag = self.mac(key);
        let (first, second) = halves(tag.as_ref());
        let number = u64::from(self.kid.0) << 32 | u64::from(self.number);
        let mut text = String::with_capacity(PREFIX.len() + DIGITS);
        text.push_str(PREFIX);
        push(&mut text, self.session.0.as_u128(), SESSION_DIGITS);
        push(&mut text, number.into(), NUMBER_DIGITS);
        push(&mut text, first, HALF_MAC_DIGITS);
        push(&mut text, second, HALF_MAC_DIGITS);
        let check = crc32fast::hash(text.as_bytes());
        push(&mut text, check.into(), CHECK_DIGITS);
        Secret::new(text)
    }

    /// What a token says that has the right form and checksum, and its MAC.
    pub(crate) fn read(text: &str) -> Option<(Self, [u8; 32])> {
        let digits = text.strip_prefix(PREFIX)?;
        // Bytes and characters are one here: what is not ASCII is no digit.
        if digits.len() != DIGITS || !digits.is_ascii() {
            return None;
        }
        let (proven, check) = text.split_at(text.len() - CHECK_DIGITS);
        if u128::from(crc32fast::hash(proven.as_bytes())) != decode(check)? {
            return None;
        }
        let (session, rest) = digits.split_at(SESSION_DIGITS);
        let (number, rest) = rest.split_at(NUMBER_DIGITS);
        let (first, second) =
            (&rest[..HALF_MAC_DIGITS], &rest[HALF_MAC_DIGITS..][..HALF_MAC_DIGITS]);
        let number = u64::try_from(decode(number)?).ok()?;
        let mut mac = [0; 32];
        mac[..16].copy_from_slice(&decode(first)?.to_be_bytes());
        mac[16..].copy_from_slice(&decode(second)?.to_be_bytes());
        let [kid, number] = [number >> 32, number & u64::from(u32::MAX)]
            .map(|half| u32::try_from(half).expect("it is half of 64 bits"));
        let session = SessionId(Uuid::from_u128(decode(session)?));
        Some((Self { session, kid: KeyId(kid), number }, mac))
    }

    /// Whether that key has made this MAC.
    pub(crate) fn is_proven(self, key: &hmac::Key, mac: &[u8; 32]) -> bool {
        constant_time::verify_slices_are_equal(self.mac(key).as_ref(), mac).is_ok()
    }

    fn mac(self, key: &hmac::Key) -> hmac::Tag {
        let mut message = [0; 20];
        message[..16].copy_from_slice(self.session.0.as_bytes());
        message[16..].copy_from_slice(&self.number.to_be_bytes());
        hmac::sign(key, &message)
    }
}

fn halves(tag: &[u8]) -> (u128, u128) {
    let half = |bytes: &[u8]| u128::from_be_bytes(bytes.try_into().expect("it is half of 32"));
    (half(&tag[..16]), half(&tag[16..]))
}

fn push(text: &mut String, number: u128, width: usize) {
    let mut digits = [0; SESSION_DIGITS];
    let written = base62::encode_bytes(number, &mut digits).expect("it has room for any number");
    text.extend(std::iter::repeat_n('0', width - written));
    text.extend(digits[..written].iter().map(|digit| char::from(*digit)));
}

/// More than 128 bits are no number.
fn decode(digits: &str) -> Option<u128> {
    base62::decode(digits).ok()
}

#[cfg(test)]
mod tests {
    use proptest::proptest;

    use super::*;

    fn key(bytes: u8) -> hmac::Key {
        hmac::Key::new(hmac::HMAC_SHA256, &[bytes; 32])
    }

    proptest! {
        #[test]
        fn a_token_is_read_as_it_was_written(session: u128, kid: u32, number: u32) {
            let refresh =
                Refresh { session: SessionId(Uuid::from_u128(session)), kid: KeyId(kid), number };
            let text = refresh.write(&key(1));
            assert_eq!(text.reveal().len(), 90);
            let (read, mac) = Refresh::read(text.reveal()).unwrap();
            assert_eq!(read, refresh);
            assert!(read.is_proven(&key(1), &mac));
            assert!(!read.is_proven(&key(2), &mac));
            let next = Refresh { number: number.wrapping_add(1), ..read };
            assert!(!next.is_proven(&key(1), &mac));
        }

        #[test]
        fn what_is_made_up_is_no_token(text in "\\PC*", digits in "[0-9A-Za-z]{83}") {
            assert_eq!(Refresh::read(&text), None);
            assert_eq!(Refresh::read(&format!("{PREFIX}{text}")), None);
            // One in four billion is.
            assert_eq!(Refresh::read(&format!("{PREFIX}{digits}")), None);
        }

        #[test]
        fn a_slip_is_told(session: u128, place in 0_usize..90, digit in "[0-9A-Za-z]") {
            let refresh =
                Refresh { session: SessionId(Uuid::from_u128(session)), kid: KeyId(1), number: 2 };
            let text = refresh.write(&key(1)).reveal().to_owned();
            let mut slip = text.clone();
            slip.replace_range(place..=place, &digit);
            assert!(slip == text || Refresh::read(&slip).is_none());
        }
    }

    #[test]
    fn a_token_is_not_printed() {
        let refresh = Refresh { session: SessionId(Uuid::nil()), kid: KeyId(1), number: 0 };
        assert_eq!(format!("{:?}", refresh.write(&key(1))), "Secret(…)");
    }
}
