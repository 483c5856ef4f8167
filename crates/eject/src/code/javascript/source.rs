//! A file's text as a parser takes it: scripts of components alone, and nothing that could exhaust it.

use std::{borrow::Cow, sync::LazyLock};

use oxc_allocator::Allocator;
use oxc_ast::ast::Program;
use oxc_parser::{ParseOptions, Parser};
use oxc_span::SourceType;
use regex::Regex;

use crate::file::File;

/// Parsers and visitors descend once for each bracket that is open; people never nest so deep.
const DEEPEST: usize = 1_000;
/// They also descend along one expression (`a + b + …`) and along `else if`, which no bracket bounds.
const LONGEST_EXPRESSION: usize = 32 << 10;
const MOST_BRANCHES: usize = 10_000;
/// What a bundler wrote has few and long lines.
const SMALLEST_BUNDLE: usize = 128 << 10;
const LONGEST_LINES: usize = 800;

static SCRIPT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?is)<script(?P<attributes>[^>]*)>(?P<body>.*?)</script\s*>").expect("it is valid")
});

/// What is given to the parser. Bytes stand where they stand in the file.
pub(super) struct Source<'f> {
    text: Cow<'f, str>,
    is_typescript: bool,
    is_declaration: bool,
}

/// The script of a file.
pub(super) fn of(file: &File) -> Source<'_> {
    let extension = file.extension();
    let (text, is_typescript) = match extension {
        "vue" | "svelte" => scripts(&file.text),
        "astro" => (Cow::Owned(frontmatter(&file.text)), true),
        _ => (Cow::Borrowed(file.text.as_str()), matches!(extension, "ts" | "tsx" | "mts" | "cts")),
    };
    // A byte order mark is no part of the language.
    let text = match text.strip_prefix('\u{feff}') {
        Some(rest) => Cow::Owned(format!("   {rest}")),
        None => text,
    };
    let is_declaration = file.name().contains(".d.");
    Source { text, is_typescript, is_declaration }
}

impl Source<'_> {
    /// Why no parser should see it, if so.
    pub(super) fn is_exhausting(&self) -> Option<&'static str> {
        let (mut depth, mut deepest, mut since) = (0_usize, 0, 0);
        let mut longest = 0;
        for byte in self.without_source_map().bytes() {
            match byte {
                b'(' | b'[' | b'{' => depth += 1,
                b')' | b']' | b'}' => depth = depth.saturating_sub(1),
                _ => {}
            }
            // A long text is no long expression: what a parser descends by are operators.
            since += usize::from(byte.is_ascii_punctuation());
            if matches!(byte, b'{' | b'}' | b';' | b',') {
                longest = longest.max(since);
                since = 0;
            }
            deepest = deepest.max(depth);
        }
        longest = longest.max(since);
        let branches = || self.text.matches("else").count() > MOST_BRANCHES;
        if deepest > DEEPEST {
            Some("its brackets are nested more than 1000 deep")
        } else if longest > LONGEST_EXPRESSION {
            Some("one expression of it has more than 32768 operators")
        } else if self.text.len() > 64 << 10 && branches() {
            Some("it has more than 10000 branches")
        } else {
            None
        }
    }

    /// Compilers put megabytes into the comment at the end.
    fn without_source_map(&self) -> &str {
        let text = self.text.trim_end();
        let last = text.rfind('\n').map_or(0, |at| at + 1);
        let is_map = text[last..].starts_with("//# sourceMappingURL=");
        if is_map { &text[..last] } else { text }
    }

    /// Parses it. What is invalid is left out with the statement that it stands in, and that is told.
    pub(super) fn parse<'a>(
        &self,
        allocator: &'a Allocator,
    ) -> Option<(&'a Program<'a>, Validity)> {
        let mut text: &'a str = allocator.alloc_str(&self.text);
        let mut validity = Validity::Valid;
        for _ in 0..MOST_REPAIRS {
            let at = match self.parse_as_any(text, allocator) {
                Ok(program) => return Some((program, validity)),
                Err(at) => at?,
            };
            text = allocator.alloc_str(&without_statement(text, at)?);
            validity = Validity::Repaired;
        }
        None
    }

    /// Parses it as what it may be by its name or else as what it can be; or tells where it is invalid.
    fn parse_as_any<'a>(
        &self,
        text: &'a str,
        allocator: &'a Allocator,
    ) -> Result<&'a Program<'a>, Option<usize>> {
        let mut invalid_at = None;
        let kinds: &[SourceType] = match (self.is_typescript, self.is_declaration) {
            (true, true) => &[SourceType::d_ts()],
            (true, false) => &[SourceType::ts(), SourceType::tsx()],
            // Flow's types are near enough to TypeScript's for what is asked here.
            (false, _) => {
                &[SourceType::jsx(), SourceType::cjs(), SourceType::tsx(), SourceType::ts()]
            }
        };
        let found = kinds.iter().find_map(|kind| {
            let options = ParseOptions {
                allow_return_outside_function: true,
                preserve_parens: false,
                ..ParseOptions::default()
            };
            let parsed = Parser::new(allocator, text, *kind).with_options(options).parse();
            let is_empty = parsed.program.body.is_empty() && !parsed.diagnostics.is_empty();
            if invalid_at.is_none() {
                let label = parsed.diagnostics.first().and_then(|first| first.labels.first());
                invalid_at = label.map(|label| label.offset() as usize);
            }
            (!parsed.panicked && !is_empty).then(|| &*allocator.alloc(parsed.program))
        });
        found.ok_or(invalid_at)
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }
}

/// Whether all of a text is valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Validity {
    Valid,
    Repaired,
}

/// So many statements are left out before a text is taken for another language's.
const MOST_REPAIRS: usize = 12;

/// A text without the statement at its top in which a byte is; blanks stand for it.
fn without_statement(text: &str, at: usize) -> Option<String> {
    let begins = |line: &str| {
        line.starts_with(|first: char| {
            !first.is_whitespace() && !matches!(first, '}' | ')' | ']' | ';' | '/' | '*')
        })
    };
    let (mut start, mut end, mut offset) = (0, text.len(), 0);
    for line in text.split_inclusive('\n') {
        if begins(line) {
            if offset <= at {
                start = offset;
            } else {
                end = offset;
                break;
            }
        }
        offset += line.len();
    }
    if text[start..end].trim().is_empty() {
        return None;
    }
    let mut kept = String::with_capacity(text.len());
    kept.push_str(&text[..start]);
    blank(&text[start..end], &mut kept);
    kept.push_str(&text[end..]);
    Some(kept)
}

/// Whether a bundler or a minifier wrote it.
pub(super) fn is_bundle(file: &File) -> bool {
    file.text.len() > SMALLEST_BUNDLE && file.text.len() / file.line_count() > LONGEST_LINES
        || file.name().ends_with(".min.js")
}

/// What is between the tags; blanks stand for all else. And whether it is TypeScript.
fn scripts(text: &str) -> (Cow<'_, str>, bool) {
    let (mut kept, mut end, mut is_typescript) = (String::with_capacity(text.len()), 0, false);
    for script in SCRIPT.captures_iter(text) {
        let attributes = &script["attributes"];
        is_typescript |= attributes.contains("ts");
        let body = script.name("body").expect("the expression has it").range();
        blank(&text[end..body.start], &mut kept);
        kept.push_str(&text[body.clone()]);
        end = body.end;
    }
    blank(&text[end..], &mut kept);
    (Cow::Owned(kept), is_typescript)
}

/// What stands between two lines `---` at the top of a component of Astro.
fn frontmatter(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut fences = text.match_indices("---").map(|(at, _)| at);
    match (fences.next(), fences.next()) {
        (Some(open), Some(close)) if text[..open].trim().is_empty() => {
            blank(&text[..open + 3], &mut kept);
            kept.push_str(&text[open + 3..close]);
            blank(&text[close..], &mut kept);
        }
        _ => blank(text, &mut kept),
    }
    kept
}

fn blank(text: &str, into: &mut String) {
    into.extend(text.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_of_components_stay_where_they_are() {
        let file = File::new(
            "a.vue".into(),
            "<template>é</template>\n<script setup lang=\"ts\">\nlet a: A\n</script>".into(),
        );
        let source = of(&file);
        assert!(source.is_typescript);
        assert_eq!(source.text().len(), file.text.len());
        assert_eq!(source.text().find("let a"), file.text.find("let a"));
        assert!(!source.text().contains("template"));
        let file = File::new("a.astro".into(), "---\nimport a from 'a'\n---\n<p>import</p>".into());
        assert_eq!(of(&file).text().trim(), "import a from 'a'");
    }

    #[test]
    fn what_is_invalid_is_left_out() {
        let text = "import a from 'a';\nfunction b( {\n  if (c\n}\nnew a();\n";
        let file = File::new("a.ts".into(), text.into());
        let allocator = Allocator::new();
        let source = of(&file);
        let (program, validity) = source.parse(&allocator).unwrap();
        assert_eq!((program.body.len(), validity), (2, Validity::Repaired));
    }

    #[test]
    fn what_would_exhaust_a_parser_is_told_before() {
        let told = |text: String| {
            let file = File::new("a.js".into(), text.into_bytes());
            of(&file).is_exhausting().is_some()
        };
        assert!(told("[".repeat(100_000)));
        assert!(told(format!("x = {}1", "1+".repeat(100_000))));
        assert!(!told("f(); ".repeat(100_000)));
        let long = "a/b+".repeat(50_000);
        assert!(!told(format!("f();\n//# sourceMappingURL=data:application/json;base64,{long}\n")));
        assert!(!told(format!("image('{}');", "ab".repeat(50_000))));
    }
}
