//! `go.mod` and `go.sum`.

use std::collections::HashSet;

use super::asked::{Asker, Use};
use crate::{catalogue::Ecosystem, file::File, finding::Sighting};

/// Reads `go.mod`: what is required, directly or through another module.
pub(super) fn manifest(file: &File) -> Result<Vec<Sighting>, String> {
    let asker = Asker::manifest(Ecosystem::Go);
    let mut block: Option<&str> = None;
    let mut found = Vec::new();
    for index in 0..file.line_count() {
        let span = file.line(index);
        let line = &file.text[span.clone()];
        let code = line.split("//").next().unwrap_or(line).trim().trim_start_matches('\u{feff}');
        let mut words = code.split_whitespace();
        let required = match (block, words.next()) {
            (Some(_), Some(")")) => {
                block = None;
                continue;
            }
            (None, Some(verb)) if code.ends_with('(') => {
                block = Some(verb.trim_end_matches('('));
                continue;
            }
            (Some("require"), module) => module,
            (None, Some("require")) => words.next(),
            _ => continue,
        };
        let module = required.unwrap_or_default().trim_matches('"');
        let start = span.start + line.find(module).unwrap_or_default();
        let end = span.start + line.trim_end().len();
        found.extend(asker.package(module, start..end.max(start), &Use::Live));
    }
    Ok(found)
}

/// Reads `go.sum`: modules of which the content is locked, and not only what they ask for.
pub(super) fn sum(file: &File) -> Result<Vec<Sighting>, String> {
    let asker = Asker::lock(Ecosystem::Go);
    let mut seen = HashSet::new();
    let mut found = Vec::new();
    for index in 0..file.line_count() {
        let span = file.line(index);
        let mut words = file.text[span.clone()].split_whitespace();
        let (Some(module), Some(version)) = (words.next(), words.next()) else { continue };
        if !version.ends_with("/go.mod") && seen.insert((module, version)) {
            found.extend(asker.package(module, span, &Use::Live));
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_are_required_in_blocks_and_alone() {
        let text = "module github.com/acme/redis\n\ngo 1.22\n\nrequire github.com/hibiken/asynq v0.24.0\n\nrequire (\n\t// github.com/gomodule/redigo v1\n\tgithub.com/redis/go-redis/v9 v9.5.1 // indirect\r\n\tgithub.com/acme/redistribute v1.0.0\n)\n\nreplace (\n\tgithub.com/redis/go-redis/v9 => ../fork\n)\n";
        let file = File::new("go.mod".into(), text.into());
        let found = manifest(&file).unwrap();
        let texts: Vec<_> = found.iter().map(|found| &text[found.span.clone()]).collect();
        assert_eq!(
            texts,
            ["github.com/hibiken/asynq v0.24.0", "github.com/redis/go-redis/v9 v9.5.1 // indirect"]
        );
    }

    #[test]
    fn a_sum_of_a_manifest_alone_locks_nothing() {
        let text = "github.com/redis/go-redis/v9 v9.5.1 h1:x\ngithub.com/redis/go-redis/v9 v9.5.1/go.mod h1:y\ngithub.com/gomodule/redigo v1.8.0/go.mod h1:z\n";
        let file = File::new("go.sum".into(), text.into());
        let names: Vec<_> = sum(&file).unwrap().into_iter().map(|found| found.name).collect();
        assert_eq!(names, ["github.com/redis/go-redis/v9"]);
    }
}
