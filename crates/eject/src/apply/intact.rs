//! A file that was of a language before an edit is of it afterwards.

use jsonc_parser::{CollectOptions, ParseOptions};
use oxc_allocator::Allocator;
use oxc_parser::Parser;
use oxc_span::SourceType;
use quick_xml::{Reader, events::Event};
use serde::de::IgnoredAny;

use super::yaml;

/// Checks the text of a file after its edits, if the text before was well-formed.
pub(super) fn check(path: &str, before: &str, after: &str) -> Result<(), String> {
    let Some((language, is_valid)) = language(path) else { return Ok(()) };
    // What was JSON without comments and last commas stays without them.
    let is_strict = |text: &str| {
        language != "JSON" || serde_json::from_str::<IgnoredAny>(without_mark(text)).is_ok()
    };
    let is_hurt = is_valid(path, before) && !is_valid(path, after);
    if is_hurt || is_strict(before) && !is_strict(after) {
        return Err(format!("it would be no valid {language} afterwards"));
    }
    Ok(())
}

type IsValid = fn(&str, &str) -> bool;

fn language(path: &str) -> Option<(&'static str, IsValid)> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    Some(match extension {
        "json" | "jsonc" | "lock" if extension != "lock" || name == "composer.lock" => {
            ("JSON", |_, text| json(text))
        }
        "toml" => ("TOML", |_, text| toml(text)),
        _ if name == "Pipfile" => ("TOML", |_, text| toml(text)),
        "yml" | "yaml" => ("YAML", |_, text| yaml::parse(text).is_ok()),
        "js" | "jsx" | "mjs" | "cjs" | "ts" | "tsx" | "mts" | "cts" => ("code", code),
        "xml" | "csproj" | "fsproj" | "vbproj" | "props" | "targets" => {
            ("XML", |_, text| xml(text))
        }
        _ => return None,
    })
}

fn json(text: &str) -> bool {
    let options = ParseOptions { allow_missing_commas: false, ..ParseOptions::default() };
    jsonc_parser::parse_to_ast(without_mark(text), &CollectOptions::default(), &options).is_ok()
}

fn toml(text: &str) -> bool {
    toml_edit::Document::parse(without_mark(text)).is_ok()
}

fn code(path: &str, text: &str) -> bool {
    let allocator = Allocator::default();
    let source_type = SourceType::from_path(path).unwrap_or_default();
    let parsed = Parser::new(&allocator, without_mark(text), source_type).parse();
    !parsed.panicked && !parsed.diagnostics.has_errors()
}

fn xml(text: &str) -> bool {
    let mut reader = Reader::from_str(without_mark(text));
    loop {
        match reader.read_event() {
            Ok(Event::Eof) => return true,
            Ok(_) => {}
            Err(_) => return false,
        }
    }
}

fn without_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}
