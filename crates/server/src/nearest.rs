//! What somebody may have meant.

/// The candidate that is most like `word`, if one is like it at all.
#[must_use]
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let similarity = |candidate: &str| strsim::damerau_levenshtein(word, candidate);
    let (distance, candidate) =
        candidates.into_iter().map(|candidate| (similarity(candidate), candidate)).min()?;
    // Two mistakes in five letters are many.
    let longest = word.chars().count().max(candidate.chars().count());
    (distance <= longest.div_ceil(3)).then_some(candidate)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_is_recognised_and_another_word_is_not() {
        let policies = ["api", "login", "totp", "webhooks"];
        for (word, meant) in [
            ("aip", Some("api")),
            ("apii", Some("api")),
            ("logn", Some("login")),
            ("webhook", Some("webhooks")),
            ("search", None),
            ("", None),
        ] {
            assert_eq!(nearest(word, policies), meant, "{word}");
        }
    }
}
