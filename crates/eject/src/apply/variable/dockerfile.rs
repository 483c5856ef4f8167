//! `ENV` and `ARG` of Dockerfiles.

use std::ops::Range;

use super::Place;
use crate::apply::{
    comment,
    cut::{self, Cut},
};

pub(super) fn without(text: &str, places: &[Place<'_>]) -> Result<Vec<Cut>, String> {
    let mut cuts = Vec::new();
    for instruction in instructions(text) {
        let within: Vec<_> =
            places.iter().filter(|place| instruction.contains(&place.at)).collect();
        if within.is_empty() {
            continue;
        }
        let line = text[instruction.clone()].trim_start();
        let word = line.split_whitespace().next().unwrap_or_default().to_uppercase();
        if word != "ENV" && word != "ARG" {
            return Err(format!("`{word}` is not edited"));
        }
        let pairs = pairs(text, &instruction);
        let is_gone = |pair: &Range<usize>| {
            let name = text[pair.clone()].split('=').next().unwrap_or_default();
            within.iter().any(|place| place.name == name)
        };
        let is_old =
            pairs.first().is_some_and(|pair| word == "ENV" && !text[pair.clone()].contains('='));
        if is_old || pairs.iter().all(is_gone) {
            let lines = cut::lines(text, &instruction);
            let lines = comment::with_comment(text, lines, "#", &[]);
            cuts.push(Cut::out(lines));
            continue;
        }
        for (index, pair) in pairs.iter().enumerate().filter(|(_, pair)| is_gone(pair)) {
            // With the white space and the `\` before it, so that the line before still goes on to what follows.
            if let Some(next) = pairs.get(index + 1) {
                cuts.push(Cut::out(pair.start..next.start));
            } else {
                let kept = pairs[..index].iter().rev().find(|pair| !is_gone(pair));
                cuts.push(Cut::out(kept.map_or(pair.start, |kept| kept.end)..pair.end));
            }
        }
    }
    Ok(cuts)
}

/// Instructions, with the lines in which they go on.
fn instructions(text: &str) -> Vec<Range<usize>> {
    let (mut found, mut start, mut goes_on) = (Vec::new(), 0, false);
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let content = line.trim();
        if !goes_on {
            start = at;
        }
        let is_comment = content.starts_with('#');
        at += line.len();
        if is_comment && goes_on {
            continue;
        }
        goes_on = content.ends_with('\\') && !is_comment;
        if !goes_on && !is_comment {
            found.push(start..at - (line.len() - line.trim_end().len()));
        }
    }
    found
}

/// `NAME=value` by `NAME="a value"`.
fn pairs(text: &str, instruction: &Range<usize>) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let (mut pairs, mut start, mut quote) = (Vec::new(), None, None);
    let word = text[instruction.clone()].find(char::is_whitespace).unwrap_or(0);
    let mut at = instruction.start + word;
    // The instruction itself may be indented.
    if text[instruction.clone()].starts_with([' ', '\t']) {
        let inner = text[instruction.clone()].trim_start();
        let skipped = text[instruction.clone()].len() - inner.len();
        at = instruction.start + skipped + inner.find(char::is_whitespace).unwrap_or(0);
    }
    while at < instruction.end {
        let byte = bytes[at];
        let is_break = byte == b'\\' && matches!(bytes.get(at + 1), Some(b'\n' | b'\r'));
        match quote {
            Some(open) if byte == open => quote = None,
            Some(_) if byte == b'\\' && !is_break => at += 1,
            Some(_) => {}
            None if byte.is_ascii_whitespace() || is_break => {
                pairs.extend(start.take().map(|start| start..at));
            }
            None => {
                start.get_or_insert(at);
                match byte {
                    b'"' | b'\'' => quote = Some(byte),
                    b'\\' => at += 1,
                    _ => {}
                }
            }
        }
        at += 1;
    }
    pairs.extend(start.map(|start| start..instruction.end));
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, names: &[&str], after: &str) {
        let places: Vec<_> =
            names.iter().map(|name| Place { at: text.find(name).unwrap(), name }).collect();
        assert_eq!(cut::made(text, without(text, &places).unwrap()), after);
    }

    #[test]
    fn pairs_go_and_what_they_stand_between_stays_joined() {
        check("FROM a\nENV REDIS_URL=redis://r\nRUN b\n", &["REDIS_URL"], "FROM a\nRUN b\n");
        check("ENV REDIS_URL redis://r\nRUN b\n", &["REDIS_URL"], "RUN b\n");
        check(
            "ENV A=1 \\\n    REDIS_URL=\"redis: r\" \\\n    B=2\n",
            &["REDIS_URL"],
            "ENV A=1 \\\n    B=2\n",
        );
        check("ENV A=1 \\\n    REDIS_URL=r\nRUN b\n", &["REDIS_URL"], "ENV A=1\nRUN b\n");
        check("ENV REDIS_URL=r REDIS_TLS=1 A=1\n", &["REDIS_URL", "REDIS_TLS"], "ENV A=1\n");
    }
}
