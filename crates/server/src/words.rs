//! The words that stand for kinds of things, in JSON, in the configuration and on the command line.

use pgstead_limits::Word;
use serde::{Deserialize, Deserializer, de::Error};

use crate::nearest;

/// Reads a word. An unknown one is an error that says which there are, and which may be meant.
pub fn word<'de, T: Word, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse().map_err(|_unknown| Error::custom(unknown::<T>(&text)))
}

/// The same for a key that may be left out.
pub fn optional_word<'de, T: Word, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    word(deserializer).map(Some)
}

fn unknown<T: Word>(text: &str) -> String {
    let words: Vec<String> = T::ALL.iter().map(ToString::to_string).collect();
    let there_are = format!("unknown word {text:?}; there are {}", words.join(", "));
    match nearest(text, words.iter().map(String::as_str)) {
        Some(meant) => format!("{there_are}; did you mean {meant:?}?"),
        None => there_are,
    }
}

#[cfg(test)]
mod tests {
    use pgstead_limits::{Algorithm, Lease, OnOutage, Period};

    use super::*;

    #[test]
    fn an_unknown_word_is_told_with_those_there_are() {
        assert_eq!(
            unknown::<Period>("mouth"),
            "unknown word \"mouth\"; there are day, week, month; did you mean \"month\"?"
        );
        assert_eq!(unknown::<Lease>("maybe"), "unknown word \"maybe\"; there are off, auto");
    }

    #[test]
    fn every_word_stands_for_its_kind() {
        fn each<T: Word + PartialEq + std::fmt::Debug>() {
            for known in T::ALL {
                assert_eq!(known.to_string().parse().ok(), Some(*known));
            }
        }
        each::<Algorithm>();
        each::<Lease>();
        each::<OnOutage>();
        each::<Period>();
    }
}
