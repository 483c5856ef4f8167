//! The keys of the HTTP API.
//!
//! A key is `pgs_key_`, 22 digits of base 62 for 128 random bits, and 6 for their CRC-32: a typing
//! mistake, or another secret in its place, is told from a revoked key without the database, and
//! secret scanners find keys that were committed.

mod authenticate;
mod create;
mod list;
mod revoke;

use std::{fmt, str::FromStr};

use sha2::{Digest as _, Sha256};

pub use authenticate::Keyring;
pub use create::{create, create_first};
pub use list::list;
pub use revoke::revoke;

/// A key as its holder sends it. It is shown once, when it is created.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

/// What is known of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Key {
    /// Names it where it is listed and revoked. No secret.
    pub id: String,
    /// What it is for, in its creator's words.
    pub name: String,
    /// What it may be used for.
    pub scopes: Vec<Scope>,
    /// When it was created: RFC 3339, UTC.
    pub created_at: String,
    /// When it was revoked, if it was.
    pub revoked_at: Option<String>,
}

/// What a key may be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Scope {
    /// `/v1/limits`
    Limits,
    /// `/v1/sessions`, `/v1/users`, `/v1/tenants`
    Tokens,
    /// `/v1/queues`, `/v1/schedules`
    Queues,
    /// `/v1/webhooks`
    Webhooks,
    /// Everything.
    Admin,
}

/// A word that is no scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownScope(String);

const PREFIX: &str = "pgs_key_";
const RANDOM_DIGITS: usize = 22;
const CHECK_DIGITS: usize = 6;

impl Secret {
    fn generate() -> Self {
        let mut random = [0; 16];
        getrandom::fill(&mut random).expect("the operating system has random numbers");
        let digits = base62::encode(u128::from_be_bytes(random));
        let random = format!("{digits:0>RANDOM_DIGITS$}");
        Self(format!("{PREFIX}{random}{}", check_digits(&random)))
    }

    /// A key that could have been created: of the right form, with the right checksum.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix(PREFIX)?;
        let (random, check) = digits.split_at_checked(RANDOM_DIGITS)?;
        (check_digits(random) == check).then(|| Self(text.to_owned()))
    }

    /// The key, to show it to its creator.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    fn hash(&self) -> Hash {
        Sha256::digest(self.0.as_bytes()).into()
    }
}

/// What is stored of a key.
type Hash = [u8; 32];

fn check_digits(random: &str) -> String {
    let digits = base62::encode(crc32fast::hash(random.as_bytes()));
    format!("{digits:0>CHECK_DIGITS$}")
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Key {
    /// Whether it may be used for that.
    #[must_use]
    pub fn permits(&self, scope: Scope) -> bool {
        self.scopes.contains(&scope) || self.scopes.contains(&Scope::Admin)
    }
}

impl Scope {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Limits, Self::Tokens, Self::Queues, Self::Webhooks, Self::Admin];

    /// Its word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Limits => "limits",
            Self::Tokens => "tokens",
            Self::Queues => "queues",
            Self::Webhooks => "webhooks",
            Self::Admin => "admin",
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Scope {
    type Err = UnknownScope;

    fn from_str(text: &str) -> Result<Self, UnknownScope> {
        let known = Self::ALL.into_iter().find(|scope| scope.as_str() == text);
        known.ok_or_else(|| UnknownScope(text.to_owned()))
    }
}

impl fmt::Display for UnknownScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = Scope::ALL.map(Scope::as_str).join(", ");
        write!(f, "{:?} is no scope; there are {known}", self.0)
    }
}

impl std::error::Error for UnknownScope {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_told_from_a_mistyped_one() {
        let secret = Secret::generate();
        let text = secret.reveal();
        assert_eq!(text.len(), "pgs_key_".len() + 28);
        assert_eq!(Secret::parse(text), Some(secret.clone()));
        assert_ne!(Secret::generate(), secret);
        for wrong in [
            String::new(),
            "pgs_key_".to_owned(),
            text.to_lowercase() + "x",
            text.replacen("pgs_key_", "pgs_rt_", 1),
            format!("{}é", &text[..text.len() - 2]),
            text[..text.len() - 1].to_owned(),
        ] {
            assert_eq!(Secret::parse(&wrong), None, "{wrong}");
        }
        let mut mistyped = text.to_owned().into_bytes();
        mistyped.swap(10, 11);
        let mistyped = String::from_utf8(mistyped).unwrap();
        assert!(mistyped == text || Secret::parse(&mistyped).is_none());
        assert!(!format!("{secret:?}").contains(&text[8..]));
    }

    #[test]
    fn admin_may_do_everything() {
        let key = |scopes: &[Scope]| Key {
            id: String::new(),
            name: String::new(),
            scopes: scopes.to_vec(),
            created_at: String::new(),
            revoked_at: None,
        };
        assert!(key(&[Scope::Admin]).permits(Scope::Limits));
        assert!(key(&[Scope::Limits, Scope::Queues]).permits(Scope::Queues));
        assert!(!key(&[Scope::Limits]).permits(Scope::Admin));
    }

    #[test]
    fn a_scope_is_its_word() {
        for scope in Scope::ALL {
            assert_eq!(scope.to_string().parse(), Ok(scope));
        }
        let message = "limit".parse::<Scope>().unwrap_err().to_string();
        let known = "there are limits, tokens, queues, webhooks, admin";
        assert_eq!(message, format!("\"limit\" is no scope; {known}"));
    }
}
