//! The words of a name, so that the letters `redis` in `redistribute` or across a hump of `futureDisabled` say nothing.

/// The words of a name in lower case: what stands between other characters than letters and digits, and its humps;
/// digits at the end of a word are left out (`Redis6`).
pub(crate) fn words(name: &str) -> impl Iterator<Item = String> + '_ {
    let runs = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|run| !run.is_empty());
    runs.flat_map(|run| {
        let mut words: Vec<_> = humps(run).into_iter().map(plain).collect();
        // `MongoDB` is one word although it has two humps.
        if words.len() > 1 {
            words.push(plain(run));
        }
        words
    })
}

fn plain(word: &str) -> String {
    let lower = word.to_ascii_lowercase();
    let letters = lower.trim_end_matches(|c: char| c.is_ascii_digit());
    if letters.is_empty() { lower } else { letters.to_owned() }
}

/// `redisURLPool` is `redis`, `URL`, `Pool`.
fn humps(run: &str) -> Vec<&str> {
    let bytes = run.as_bytes();
    let begins = |at: usize| {
        let (before, here) = (bytes[at - 1], bytes[at]);
        let next_is_small = bytes.get(at + 1).is_some_and(u8::is_ascii_lowercase);
        here.is_ascii_uppercase() && (!before.is_ascii_uppercase() || next_is_small)
    };
    let mut humps = Vec::new();
    let mut start = 0;
    for at in (1..bytes.len()).filter(|&at| begins(at)) {
        humps.push(&run[start..at]);
        start = at;
    }
    humps.push(&run[start..]);
    humps
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_what_stands_between_signs_and_humps() {
        let of = |name| words(name).collect::<Vec<_>>();
        assert_eq!(of("REDIS_URL"), ["redis", "url"]);
        assert_eq!(of("redisURLPool"), ["redis", "url", "pool", "redisurlpool"]);
        assert_eq!(of("@acme/redis6-client"), ["acme", "redis", "client"]);
        assert_eq!(of("MongoDB"), ["mongo", "db", "mongodb"]);
        assert_eq!(of("futureDisabled"), ["future", "disabled", "futuredisabled"]);
        assert_eq!(of("--é--").len(), 0);
    }
}
