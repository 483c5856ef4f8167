//! Paths, texts and names as they are written, in one form for all languages.

/// What is read of one node; more is data.
pub(super) const LONGEST: usize = 240;

/// A path with dots: generics, arguments and signs of languages taken out.
pub(in super::super) fn dotted(text: &str) -> String {
    let mut path = String::with_capacity(text.len().min(LONGEST));
    let text = text.trim();
    let text = text.strip_prefix("await ").or_else(|| text.strip_prefix("new ")).unwrap_or(text);
    let mut open: Vec<u8> = Vec::new();
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let rest = &text[at..];
        if let Some(last) = open.last() {
            match byte {
                b'(' | b'[' | b'{' => open.push(byte),
                b'<' if *last == b'<' => open.push(byte),
                b')' | b']' | b'}' => _ = open.pop(),
                b'>' if *last == b'<' => _ = open.pop(),
                _ => {}
            }
            at += 1;
            while at < bytes.len() && !text.is_char_boundary(at) {
                at += 1;
            }
            continue;
        }
        let sign = ["?->", "!!.", "->", "::", "?.", "!.", "&."]
            .into_iter()
            .find(|sign| rest.starts_with(sign));
        if let Some(sign) = sign {
            path.push('.');
            at += sign.len();
            continue;
        }
        let c = rest.chars().next().unwrap_or_default();
        match c {
            '(' => path.push_str("()"),
            '[' => path.push_str("[]"),
            '{' => path.push_str("{}"),
            '\\' if !path.is_empty() => path.push('.'),
            '$' | '@' | '&' | '*' | '\\' | '?' => {}
            c if c.is_whitespace() || c == '<' => {}
            c => path.push(c),
        }
        if matches!(byte, b'(' | b'[' | b'{' | b'<') {
            open.push(byte);
        }
        at += c.len_utf8();
    }
    while path.contains("..") {
        path = path.replace("..", ".");
    }
    path.trim_matches('.').to_owned()
}

/// Without what says that something is the object's own.
pub(in super::super) fn unowned(path: &str) -> &str {
    ["self.", "this.", "cls."].iter().find_map(|own| path.strip_prefix(own)).unwrap_or(path)
}

/// The last name of a path with dots.
pub(in super::super) fn last(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}

pub(super) fn last_two(path: &str) -> &str {
    let mut dots = path.rmatch_indices('.').map(|(at, _)| at + 1);
    dots.nth(1).map_or(path, |at| &path[at..])
}

/// What stands between quotes.
pub(in super::super) fn unquoted(text: &str) -> &str {
    let text = text.trim();
    let start = text.find(['"', '\'', '`']);
    match start {
        // What stands before the quotes says how to read them: `f"…"`, `r#"…"#`, `$@"…"`, `%q`.
        Some(at) if at <= 3 => text[at..].trim_matches(['"', '\'', '`', '#']),
        _ => text.trim_start_matches(':'),
    }
}

pub(in super::super) fn clip(text: &str, longest: usize) -> &str {
    let mut end = text.len().min(longest);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

pub(super) fn clip_start(text: &str, longest: usize) -> &str {
    let mut start = text.len().saturating_sub(longest);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    &text[start..]
}
