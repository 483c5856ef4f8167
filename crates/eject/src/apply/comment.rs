//! Whether the comment above a line is about that line and about nothing else, so that it goes with it.

use std::ops::Range;

use super::cut;

/// Words that say that a comment is about Redis.
const TOPIC: &[&str] = &[
    "redis",
    "ioredis",
    "valkey",
    "keydb",
    "dragonfly",
    "garnet",
    "bullmq",
    "upstash",
    "elasticache",
    "memorystore",
    "hiredis",
    "predis",
    "phpredis",
];

/// Words that say nothing of their own beside one of [`TOPIC`].
const FILLING: &[&str] = &[
    "a",
    "access",
    "address",
    "addr",
    "and",
    "backend",
    "backed",
    "broker",
    "by",
    "cache",
    "client",
    "cluster",
    "config",
    "configuration",
    "connection",
    "connect",
    "container",
    "credentials",
    "data",
    "default",
    "dev",
    "development",
    "endpoint",
    "env",
    "environment",
    "for",
    "from",
    "host",
    "hostname",
    "in",
    "instance",
    "is",
    "job",
    "jobs",
    "key",
    "limit",
    "limiter",
    "limits",
    "limiting",
    "local",
    "memory",
    "name",
    "of",
    "on",
    "optional",
    "our",
    "password",
    "port",
    "production",
    "queue",
    "queues",
    "rate",
    "required",
    "secret",
    "server",
    "service",
    "session",
    "sessions",
    "setting",
    "settings",
    "stack",
    "storage",
    "store",
    "string",
    "the",
    "this",
    "to",
    "url",
    "uri",
    "use",
    "used",
    "uses",
    "user",
    "username",
    "variable",
    "variables",
    "via",
    "we",
    "with",
    "worker",
    "workers",
    "instances",
    "where",
    "how",
    "what",
    "when",
    "all",
    "tls",
    "ssl",
    "db",
    "number",
    "see",
    "below",
    "required",
    "stores",
    "pub",
    "sub",
];

/// Words of what else a comment may be about, so that it stays.
const ELSE: &[&str] = &[
    "postgres",
    "postgresql",
    "database",
    "mongo",
    "mongodb",
    "mysql",
    "rabbitmq",
    "kafka",
    "jwt",
    "smtp",
    "todo",
    "fixme",
    "elasticsearch",
    "s3",
    "stripe",
    "sentry",
];

/// The lines, and the comment right above them where it is about `names` or about Redis and about nothing else.
/// `mark` is what a comment begins with.
pub(super) fn with_comment(
    text: &str,
    lines: Range<usize>,
    mark: &str,
    names: &[&str],
) -> Range<usize> {
    let mut start = lines.start;
    let mut is_about = false;
    while start > 0 && text[..start].ends_with('\n') {
        let above = cut::line_start(text, start - 1);
        let line = text[above..start].trim().trim_start_matches('\u{feff}');
        let Some(said) = line.strip_prefix(mark) else { break };
        match about(said, names) {
            About::It => is_about = true,
            About::Nothing => {}
            About::More if ends_paragraph(text, lines.end, mark) => is_about = true,
            About::More | About::Else => return lines,
        }
        start = above;
    }
    if text[start..lines.start].starts_with('\u{feff}') {
        start += '\u{feff}'.len_utf8();
    }
    if is_about { start..lines.end } else { lines }
}

enum About {
    /// About Redis or the name, in words that say no more.
    It,
    /// About Redis or the name, with more words.
    More,
    /// About something else, or not told.
    Else,
    /// A line of dashes.
    Nothing,
}

fn about(said: &str, names: &[&str]) -> About {
    let lower = said.to_lowercase();
    let words: Vec<_> = lower
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.chars().any(char::is_alphabetic))
        .collect();
    if words.is_empty() {
        return About::Nothing;
    }
    // A setting that is commented out is no comment.
    let is_setting = said.trim_start().split_once(['=', ':']).is_some_and(|(name, _)| {
        !name.is_empty()
            && name.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c))
            && name.chars().any(|c| c == '_' || c.is_ascii_uppercase())
            && said.contains('=')
    });
    if is_setting || words.iter().any(|word| ELSE.contains(word)) {
        return About::Else;
    }
    let is_named = names.iter().any(|name| said.contains(name));
    if !is_named && !words.iter().any(|word| TOPIC.contains(word)) {
        return About::Else;
    }
    let named: String = names.join(" ").to_lowercase();
    let says_more = words.iter().any(|word| {
        !TOPIC.contains(word)
            && !FILLING.contains(word)
            && !named.split(|c: char| !c.is_alphanumeric()).any(|part| part == *word)
    });
    if says_more { About::More } else { About::It }
}

/// Whether what follows is not headed by the same comment: a blank line, another comment, the end.
fn ends_paragraph(text: &str, at: usize, mark: &str) -> bool {
    let next = text[at..cut::line_end(text, at)].trim();
    next.is_empty() || next.starts_with(mark) || next.starts_with(['}', ']', ')'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_goes_with_what_it_is_about() {
        for (text, kept) in [
            ("# Redis\nREDIS_URL=x\nPORT=1\n", "PORT=1\n"),
            ("A=1\n# where REDIS_URL points, and why\nREDIS_URL=x\n\nPORT=1\n", "A=1\n\nPORT=1\n"),
            (
                "# how redis is tuned for burst\nREDIS_URL=x\nBURST=1\n",
                "# how redis is tuned for burst\nBURST=1\n",
            ),
            ("# Redis and Postgres\nREDIS_URL=x\n", "# Redis and Postgres\n"),
            ("# Storage of files\nREDIS_URL=x\n", "# Storage of files\n"),
            ("# ------\n# Redis\n# ------\nREDIS_URL=x\n", ""),
            ("# REDIS_PORT=1\nREDIS_URL=x\n", "# REDIS_PORT=1\n"),
            ("\u{feff}# Redis\nREDIS_URL=x\n", "\u{feff}"),
        ] {
            let at = text.find("REDIS_URL=").unwrap();
            let lines = with_comment(text, cut::lines(text, &(at..at + 1)), "#", &["REDIS_URL"]);
            let after = cut::made(text, vec![cut::Cut::out(lines)]);
            assert_eq!(after, kept, "{text:?}");
        }
    }
}
