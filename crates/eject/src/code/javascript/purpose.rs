//! What a use is for: votes with their reasons, and who wins.

use std::collections::BTreeMap;

use super::{
    key::Command,
    knowledge::{keys, knowledge, names},
};
use crate::{catalogue::Package, finding::Purpose};

/// More commands than these are no longer one use.
const MOST_COMMANDS: usize = 12;

/// A purpose with how much it is to be trusted, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Verdict {
    pub(super) purpose: Purpose,
    pub(super) score: u32,
    pub(super) why: String,
}

/// Trust by the kind of reason: the package first, names last.
const BY_PACKAGE: u32 = 100;
const BY_CONSTRUCTOR: u32 = 90;
const BY_COUNTING: u32 = 40;
pub(super) const BY_IF_NONE: u32 = 30;
const BY_WINDOW: u32 = 60;
const BY_REFUSAL: u32 = 40;
/// One word of less weight tells nothing: many things are counted.
const LEAST: u32 = 20;

/// Votes by purpose: the sum of their scores, and the reasons.
#[derive(Clone, Debug, Default)]
pub(super) struct Votes(BTreeMap<Purpose, (u32, Vec<String>)>);

impl Votes {
    pub(super) fn add(&mut self, verdict: &Verdict) {
        let (score, why) = self.0.entry(verdict.purpose).or_default();
        *score += verdict.score;
        if why.len() < 2 && !why.contains(&verdict.why) {
            why.push(verdict.why.clone());
        }
    }

    /// The purpose with the most votes.
    pub(super) fn winner(&self) -> Option<Verdict> {
        let (&purpose, (score, why)) = self.0.iter().max_by_key(|(_, (score, _))| *score)?;
        Some(Verdict { purpose, score: *score, why: why.join("; ") })
    }

    /// The purpose, if there is one only; else the words for all of them.
    pub(super) fn unanimous(&self) -> Result<Option<Verdict>, String> {
        let strongest = self.0.values().map(|(score, _)| *score).max().unwrap_or_default();
        // A single weak hint beside strong ones is noise, not a second purpose.
        let heard: Vec<_> =
            self.0.iter().filter(|(_, (score, _))| *score * 5 >= strongest).collect();
        match heard.as_slice() {
            [] => Ok(None),
            [(purpose, (score, why))] => {
                Ok(Some(Verdict { purpose: **purpose, score: *score, why: why.join("; ") }))
            }
            several => {
                let words: Vec<_> = several.iter().map(|(purpose, _)| purpose.word()).collect();
                Err(words.join(", "))
            }
        }
    }
}

/// By what the package is for.
pub(super) fn by_package(package: &Package) -> Option<Verdict> {
    (package.purpose != Purpose::Other).then(|| Verdict {
        purpose: package.purpose,
        score: BY_PACKAGE,
        why: format!("{} is {}", package.name, package.what),
    })
}

/// By what is constructed, or else by the package.
pub(super) fn by_constructor(package: &Package, class: &str) -> Option<Verdict> {
    let found = knowledge().constructor.iter().find(|known| known.names.contains(class));
    let by_class = found.map(|known| Verdict {
        purpose: known.purpose,
        score: BY_CONSTRUCTOR,
        why: format!("`{class}` of {} is for {}", package.name, known.purpose.word()),
    });
    by_package(package).or(by_class)
}

/// By the command itself and its key.
pub(super) fn by_command(command: &Command) -> Option<Verdict> {
    let mut votes = Votes::default();
    if let Some(known) = known_command(&command.name) {
        votes.add(&Verdict {
            purpose: known.purpose,
            score: known.score,
            why: format!("`{}` {}", command.name, known.why),
        });
    }
    if command.is_if_none {
        let why = format!("`{}` writes only where there is nothing, as locks do", command.name);
        votes.add(&Verdict { purpose: Purpose::Lock, score: BY_IF_NONE, why });
    }
    if let Some(verdict) = command.script.as_deref().and_then(by_script) {
        votes.add(&verdict);
    }
    if let Some(key) = &command.key {
        let expiry =
            command.expiry.as_ref().map(|expiry| format!(", which expires after {expiry}"));
        if let Some(mut verdict) = by_key(key) {
            verdict.why.push_str(&expiry.unwrap_or_default());
            votes.add(&verdict);
        }
    }
    votes.winner().filter(|verdict| verdict.score >= LEAST)
}

/// By the words of a key.
pub(super) fn by_key(key: &str) -> Option<Verdict> {
    // The beginning of a key says what it is of, its end whose it is: the first word counts.
    let telling =
        keys().iter().filter_map(|telling| Some((telling.words.find(key)?.start(), telling)));
    let (_, telling) = telling.min_by_key(|(at, telling)| (*at, u32::MAX - telling.score))?;
    Some(Verdict {
        purpose: telling.purpose,
        score: telling.score,
        why: format!("the key `{key}` is of {}", telling.purpose.word()),
    })
}

fn by_script(script: &str) -> Option<Verdict> {
    let script = script.to_lowercase();
    let counts = script.contains("incr") || script.contains("zremrangebyscore");
    let lock = script.contains("get") && script.contains("del") && !counts && script.len() < 400;
    let verdict = |purpose, why: &str| Verdict { purpose, score: BY_COUNTING, why: why.to_owned() };
    if counts || script.contains("tokens") && script.contains("hset") || script.contains("bucket") {
        Some(verdict(Purpose::Limits, "its script counts within a window"))
    } else if lock {
        Some(verdict(Purpose::Lock, "its script deletes a key only if it still has the value"))
    } else {
        None
    }
}

/// By several commands of one function: a counter that expires is a limit, a set that slides is one.
pub(super) fn by_commands(names: &[&str]) -> Option<Verdict> {
    // A function that wraps all commands does not do one thing with them.
    if names.len() > MOST_COMMANDS {
        return None;
    }
    let has = |wanted: &[&str]| names.iter().any(|name| wanted.contains(name));
    let counts = has(&["incr", "incrby", "decr", "hincrby"]);
    let expires = has(&["expire", "pexpire", "expireat", "pexpireat", "ttl", "pttl"]);
    if has(&["zremrangebyscore"]) && has(&["zadd", "zcard", "zcount"]) {
        let why = "a sorted set from which old entries are removed counts within a window";
        return Some(Verdict { purpose: Purpose::Limits, score: BY_WINDOW, why: why.to_owned() });
    }
    (counts && expires).then(|| Verdict {
        purpose: Purpose::Limits,
        score: BY_COUNTING,
        why: "a counter that expires is a limit".to_owned(),
    })
}

/// By what is told who asks too often.
pub(super) fn by_refusal() -> Verdict {
    let why = "its function refuses who asks too often (429)".to_owned();
    Verdict { purpose: Purpose::Limits, score: BY_REFUSAL, why }
}

/// Whether a text or a name refuses who asks too often: `TOO_MANY_REQUESTS`, `TooManyRequestsException`.
pub(super) fn is_refusal(text: &str) -> bool {
    text.len() >= "TooManyRequests".len()
        && letters(text).to_lowercase().contains("toomanyrequests")
}

/// Whether a command is about what stands under a key.
pub(super) fn is_keyed(command: &Command) -> bool {
    knowledge().keyed.contains(&command.name.to_lowercase())
}

/// By the name of a function, a class or a file.
pub(super) fn by_name(name: &str) -> Option<Verdict> {
    let telling = names().iter().find(|telling| telling.words.is_match(&letters(name)))?;
    Some(Verdict {
        purpose: telling.purpose,
        score: telling.score,
        why: format!("the name `{name}` is of {}", telling.purpose.word()),
    })
}

fn letters(name: &str) -> String {
    name.chars().filter(|letter| letter.is_alphanumeric()).collect()
}

fn known_command(name: &str) -> Option<&'static super::knowledge::Commands> {
    let name = name.to_lowercase();
    let name = name.trim_end_matches("async");
    knowledge().command.iter().find(|known| known.names.contains(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_word_of_a_key_counts() {
        let told = |key| by_key(key).map(|verdict| verdict.purpose);
        assert_eq!(told("refresh:…:jti"), Some(Purpose::Tokens));
        assert_eq!(told("login:attempts:…"), Some(Purpose::Limits));
        assert_eq!(told("cache:session:…"), Some(Purpose::Cache));
        assert_eq!(told("user:…"), None);
    }

    #[test]
    fn a_refusal_is_known_by_each_of_its_names() {
        for text in ["TOO_MANY_REQUESTS", "TooManyRequestsException", "Too many requests, wait"] {
            assert!(is_refusal(text), "{text}");
        }
        assert!(!is_refusal("too many redirects, requests"));
    }

    #[test]
    fn several_purposes_are_not_one() {
        let mut votes = Votes::default();
        votes.add(&by_key("refresh:").unwrap());
        assert_eq!(votes.unanimous().unwrap().unwrap().purpose, Purpose::Tokens);
        votes.add(&by_key("rl:").unwrap());
        assert_eq!(votes.unanimous().unwrap_err(), "tokens, limits");
    }
}
