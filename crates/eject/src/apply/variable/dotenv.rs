//! `.env` files: a line for each variable, set or commented out.

use super::Place;
use crate::apply::{
    comment,
    cut::{self, Cut},
};

pub(super) fn without(text: &str, places: &[Place<'_>]) -> Vec<Cut> {
    let names: Vec<_> = places.iter().map(|place| place.name).collect();
    // Variables in lines below each other go as one, so that what heads them all is seen to be about them all.
    let mut runs: Vec<std::ops::Range<usize>> = Vec::new();
    let mut places: Vec<_> = places.iter().filter(|place| is_setting(text, place)).collect();
    places.sort_by_key(|place| place.at);
    for place in places {
        let lines = cut::lines(text, &value(text, place.at));
        match runs.last_mut() {
            Some(last) if last.end >= lines.start => last.end = last.end.max(lines.end),
            _ => runs.push(lines),
        }
    }
    let out = |lines| Cut::out(comment::with_comment(text, lines, "#", &names));
    runs.into_iter().map(out).collect()
}

/// Whether the line sets the variable and says nothing else.
fn is_setting(text: &str, place: &Place<'_>) -> bool {
    let line = &text[cut::line_start(text, place.at)..cut::line_end(text, place.at)];
    let line = line.trim_start_matches('\u{feff}').trim_start().trim_start_matches(['#', ' ']);
    let line = line.strip_prefix("export ").unwrap_or(line).trim_start();
    line.strip_prefix(place.name)
        .is_some_and(|rest| rest.trim_start().starts_with('=') || rest.trim().is_empty())
}

/// The line, and those in which its value in quotes goes on.
fn value(text: &str, at: usize) -> std::ops::Range<usize> {
    let (start, end) = (cut::line_start(text, at), cut::line_end(text, at));
    let Some((_, value)) = text[start..end].split_once('=') else { return start..end };
    let value = value.trim_start();
    let Some(quote) = value.chars().next().filter(|c| ['"', '\''].contains(c)) else {
        return start..end;
    };
    if value[1..].contains(quote) {
        return start..end;
    }
    match text[end..].find(quote) {
        Some(close) => start..cut::line_end(text, end + close),
        None => start..end,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_go_with_the_comment_that_is_about_them() {
        let text = "\u{feff}PORT=1\r\n\r\n# Redis\r\nREDIS_HOST=a\r\nexport REDIS_PASSWORD=\"a\r\nb\"\r\n# REDIS_PORT=1\r\n\r\n# Database\r\nDATABASE_URL=x";
        let after = "\u{feff}PORT=1\r\n\r\n# Database\r\nDATABASE_URL=x";
        let places = ["REDIS_HOST", "REDIS_PASSWORD", "REDIS_PORT"];
        let places = places.map(|name| Place { at: text.find(name).unwrap(), name });
        assert_eq!(cut::made(text, without(text, &places)), after);
    }
}
