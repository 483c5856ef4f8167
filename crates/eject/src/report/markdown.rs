//! The report as Markdown, as GitHub renders it.

use std::fmt::Write as _;

use super::{Counts, counted, usages};
use crate::finding::{Finding, Life, Report};

/// The report as Markdown. What tells what was is counted, and listed only if asked for.
#[must_use]
pub fn markdown(report: &Report, with_historical: bool) -> String {
    let mut told = String::from("# Where Redis is used\n\n");
    let counts = Counts::of(&report.findings);
    let _ = writeln!(
        told,
        "{} looked at {}: **{} live**, {} test, {} dormant, {} historical.\n",
        report.tool,
        counted(usize::try_from(report.files).unwrap_or(usize::MAX), "file"),
        counts.live,
        counts.test,
        counts.dormant,
        counts.historical,
    );
    let usages = usages(report);
    if !usages.is_empty() {
        told.push_str("| Service | Current usage | Replacement |\n|---|---|---|\n");
        for usage in &usages {
            let current = format!("{} · {}", usage.store.word(), usage.current());
            let (title, replacement) = (cell(&usage.title()), cell(&usage.replacement));
            let _ = writeln!(told, "| {title} | {} | {replacement} |", cell(&current));
        }
        told.push('\n');
    }
    for life in Life::ALL {
        let is_shown = life != Life::Historical || with_historical;
        let of_life: Vec<_> = report.findings.iter().filter(|found| found.life == life).collect();
        if of_life.is_empty() || !is_shown {
            continue;
        }
        let _ = writeln!(told, "## {} ({})\n", capital(life.word()), of_life.len());
        let _ = writeln!(told, "It {}.\n", life.meaning());
        for of_file in of_life.chunk_by(|a, b| a.place.path == b.place.path) {
            let _ = writeln!(told, "### {}\n", code(&of_file[0].place.path));
            for finding in of_file {
                describe(&mut told, finding);
            }
            told.push('\n');
        }
    }
    if !report.troubles.is_empty() {
        told.push_str("## What could not be read as what it is\n\n");
        for trouble in &report.troubles {
            let _ = writeln!(told, "- {}: {}", code(&trouble.path), plain(&trouble.what));
        }
        told.push('\n');
    }
    told.truncate(told.trim_end().len());
    told
}

fn describe(told: &mut String, finding: &Finding) {
    let (line, kind) = (finding.place.line, finding.kind.word());
    let (name, purpose) = (code(&finding.name), finding.purpose.word());
    let why: Vec<_> = finding.reasons.iter().map(|reason| plain(reason)).collect();
    let _ = write!(told, "- line {line}, {kind} {name}, {}: {purpose}", finding.store.word());
    if !why.is_empty() {
        let _ = write!(told, " ({})", why.join("; "));
    }
    told.push('\n');
    if !finding.text.is_empty() {
        let _ = writeln!(told, "  <br>{}", code(&finding.text));
    }
    if !finding.chain.is_empty() {
        let steps: Vec<_> = finding.chain.iter().map(|step| code(&step.to_string())).collect();
        let _ = writeln!(told, "  <br>reached by: {}", steps.join(" ← "));
    }
}

fn capital(word: &str) -> String {
    let mut rest = word.chars();
    rest.next().map_or_else(String::new, |first| first.to_uppercase().chain(rest).collect())
}

/// Text that stays as it is: within a fence longer than any run of backticks in it.
pub(crate) fn code(text: &str) -> String {
    let text = text.replace(['\r', '\n'], " ");
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    // One space at either end is not shown, and keeps backticks at the ends apart from the fence.
    let space = if longest > 0 || text.trim().is_empty() { " " } else { "" };
    format!("{fence}{space}{text}{space}{fence}")
}

/// Text in which nothing is markup.
fn plain(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    let (mut is_code, mut before) = (false, ' ');
    let mut letters = text.chars().peekable();
    while let Some(c) = letters.next() {
        // Within a word an underscore is one.
        let is_joint = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let is_within = c == '_' && is_joint(Some(before)) && is_joint(letters.peek().copied());
        before = c;
        match c {
            // Sentences of ours set names in backticks.
            '`' => is_code = !is_code,
            '\r' | '\n' => {
                safe.push(' ');
                continue;
            }
            '\\' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '~' if !is_code && !is_within => {
                safe.push('\\');
            }
            _ => {}
        }
        safe.push(c);
    }
    if is_code {
        safe.push('`');
    }
    safe
}

/// Text as a cell of a table: a bar ends a cell in code too, unless it is escaped.
pub(crate) fn cell(text: &str) -> String {
    plain(text).replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_tree_is_taken_for_markup() {
        for (text, shown) in [
            ("a.ts", "`a.ts`"),
            ("`redis:${id}`", "`` `redis:${id}` ``"),
            ("a``b", "``` a``b ```"),
            ("two\nlines", "`two lines`"),
        ] {
            assert_eq!(code(text), shown);
        }
        assert_eq!(plain("<b>[x](y) and `a_b`"), "\\<b\\>\\[x\\](y) and `a_b`");
        assert_eq!(plain("a_b _c_"), "a_b \\_c\\_");
        assert_eq!(cell("a|b `c|d`"), "a\\|b `c\\|d`");
    }
}
