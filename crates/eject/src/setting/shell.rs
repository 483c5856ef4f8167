//! Lines of shells: which commands they run, and what they only say.

/// Programs and functions that tell people something.
const SPEAKERS: &[&str] = &[
    "echo",
    "printf",
    "print",
    "logger",
    "say",
    "log",
    "log_info",
    "log_error",
    "info",
    "warn",
    "warning",
    "error",
    "err",
    "die",
    "fail",
    "fatal",
    "abort",
    "Write-Host",
    "Write-Output",
    "Write-Error",
];

/// Words behind which a command begins.
const LEADS: &[&str] =
    &["then", "do", "else", "if", "elif", "while", "until", "!", "{", "(", "time", "exec", "sudo"];

/// The simple commands of a line, without those that only say something.
pub(crate) fn commands(line: &str) -> Vec<&str> {
    let parts = Line::read(line).parts.into_iter();
    parts.filter(|(_, speaks)| !speaks).map(|(part, _)| part).collect()
}

/// Whether all that a line does is to say something to people: what it writes into a file is read by programs.
pub(crate) fn is_speech(line: &str) -> bool {
    let parts = Line::read(line).parts;
    !line.contains('>') && !parts.is_empty() && parts.iter().all(|(_, speaks)| *speaks)
}

/// A line that is cut where commands end. What stands in quotes is one with its command, but for `$(…)` in it.
struct Line<'l> {
    text: &'l str,
    start: usize,
    /// The quote that is open.
    quote: Option<u8>,
    /// Whether the command goes on that spoke before `$(…)`.
    speaks: bool,
    /// Around each `$(…)` that is open: its quote, and whether it speaks.
    around: Vec<(Option<u8>, bool)>,
    parts: Vec<(&'l str, bool)>,
}

impl<'l> Line<'l> {
    fn read(text: &'l str) -> Self {
        let (parts, around) = (Vec::new(), Vec::new());
        let mut line = Self { text, start: 0, quote: None, speaks: false, around, parts };
        let bytes = text.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            let next = bytes.get(at + 1).copied();
            match (bytes[at], line.quote) {
                (b'\\', quote) if quote != Some(b'\'') => at += 1,
                (b'$', quote) if next == Some(b'(') && quote != Some(b'\'') => {
                    let speaks = line.cut(at, at + 2);
                    line.around.push((line.quote.take(), speaks));
                    at += 1;
                }
                (b')', None) if !line.around.is_empty() => {
                    line.cut(at, at + 1);
                    (line.quote, line.speaks) = line.around.pop().unwrap_or_default();
                }
                (b'|' | b';' | b'&' | b'`' | b'(' | b')', None) => {
                    line.cut(at, at + 1);
                }
                (quote @ (b'"' | b'\''), None) => line.quote = Some(quote),
                (byte, Some(quote)) if byte == quote => line.quote = None,
                _ => {}
            }
            at += 1;
        }
        line.cut(text.len(), text.len());
        line
    }

    /// Ends a command, and says whether it was one that speaks.
    fn cut(&mut self, end: usize, next: usize) -> bool {
        let part = self.text.get(self.start..end).unwrap_or_default().trim();
        let first = part.split_whitespace().find(|word| !LEADS.contains(word)).unwrap_or_default();
        let speaks = self.speaks || SPEAKERS.contains(&first.trim_start_matches(['@', '-']));
        if !part.is_empty() {
            self.parts.push((part, speaks));
        }
        (self.start, self.speaks) = (next, false);
        speaks
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_told_from_what_is_said() {
        for (line, run) in [
            ("echo \"Redis is clean; redis-cli says hello\"", &[][..]),
            ("if true; then echo redis-cli; fi", &["if true", "fi"]),
            ("echo ping | redis-cli -x", &["redis-cli -x"]),
            ("echo \"$(redis-cli get a) redis-server\"", &["redis-cli get a"]),
            (
                "for k in $(redis-cli keys '*;$(b)'); do",
                &["for k in", "redis-cli keys '*;$(b)'", "do"],
            ),
            (
                "docker exec r sh -c \"redis-cli ping; ls\" && die 'no redis-cli'",
                &["docker exec r sh -c \"redis-cli ping; ls\""],
            ),
            ("\\", &["\\"]),
            ("é $(", &["é"]),
        ] {
            assert_eq!(commands(line), run, "{line}");
        }
        assert!(is_speech("  @echo 'redis://localhost'") && is_speech("printf 'set REDIS_URL=x'"));
        assert!(!is_speech("echo REDIS_URL=x >> .env") && !is_speech("export REDIS_URL=x"));
    }
}
