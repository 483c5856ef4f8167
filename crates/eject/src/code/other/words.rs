//! The words of a file, kept as numbers: enough to know who cannot use a name without keeping any text.

use std::collections::HashSet;

/// The number of a word (FNV-1a). Two words with one number cost a parse and change nothing else.
pub(super) fn number(word: &str) -> u32 {
    word.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// The words of a file.
#[derive(Debug, Default)]
pub(super) struct Words(Box<[u32]>);

impl Words {
    /// The names in a file of code.
    pub(super) fn of_code(text: &str) -> Self {
        Self::collect(names(text).map(|(_, name)| number(name)))
    }

    /// The names in a file of configuration, and what is joined there: `app.worker`, `worker.py`.
    pub(super) fn of_setting(text: &str) -> Self {
        let mut found = Vec::new();
        let mut last: Option<(usize, &str)> = None;
        for (at, name) in names(text) {
            found.push(number(name));
            if let Some((start, before)) = last {
                let end = start + before.len();
                if at == end + 1 && matches!(text.as_bytes()[end], b'.' | b'/' | b':') {
                    found.push(number(&joined(before, name)));
                }
            }
            last = Some((at, name));
        }
        Self::collect(found.into_iter())
    }

    fn collect(numbers: impl Iterator<Item = u32>) -> Self {
        let found: HashSet<u32> = numbers.collect();
        let mut found: Vec<_> = found.into_iter().collect();
        found.sort_unstable();
        Self(found.into())
    }

    pub(super) fn has(&self, word: &str) -> bool {
        self.has_number(number(word))
    }

    pub(super) fn has_number(&self, number: u32) -> bool {
        self.0.binary_search(&number).is_ok()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        self.0.iter().copied()
    }
}

/// Two names that stand together in configuration, whatever is between them.
pub(super) fn joined(first: &str, second: &str) -> String {
    format!("{first}.{second}")
}

/// The names of a text and where they begin.
fn names(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let bytes = text.as_bytes();
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80;
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < bytes.len() && !is_name(bytes[at]) {
            at += 1;
        }
        let start = at;
        while at < bytes.len() && is_name(bytes[at]) {
            at += 1;
        }
        (start < at).then(|| (start, &text[start..at]))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_whole_names() {
        let words = Words::of_code("from app.cache import get_redis # é");
        assert!(words.has("get_redis") && words.has("cache"));
        assert!(!words.has("redis") && !words.has("app.cache"));
    }

    #[test]
    fn configuration_joins_what_stands_together() {
        let words = Words::of_setting("command: celery -A app.worker; python jobs/old.py");
        assert!(words.has("app.worker") && words.has("old.py") && words.has("jobs.old"));
        assert!(!words.has("celery.A"));
    }
}
