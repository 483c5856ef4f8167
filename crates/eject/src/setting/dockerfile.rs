//! Dockerfiles.

use std::{collections::HashMap, ops::Range, sync::LazyLock};

use regex::Regex;

use super::{
    line::{self, with_purpose},
    said, server,
};
use crate::{
    file::File,
    finding::{Kind, Sighting},
};

/// Whether a file is one, by its name.
pub(super) fn is(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    lower.starts_with("dockerfile")
        || lower.starts_with("containerfile")
        || lower.ends_with(".dockerfile")
}

/// Reads a Dockerfile: what it is built from, what it installs, what it sets.
pub(super) fn read(file: &File) -> Vec<Sighting> {
    let mut arguments: HashMap<String, String> = HashMap::new();
    let mut stages: Vec<String> = Vec::new();
    let mut found = Vec::new();
    for lines in instructions(file) {
        let span = file.line(lines.start).start..file.line(lines.end - 1).end;
        let text = file.text[span.clone()].trim_start_matches('\u{feff}');
        let mut words = text.split_whitespace();
        let verb = words.next().unwrap_or_default().to_ascii_uppercase();
        match &*verb {
            "FROM" => {
                let image = words.find(|word| !word.starts_with("--")).unwrap_or_default();
                let image = resolve(image, &arguments);
                let stage = words.nth(1).map(str::to_lowercase);
                if !stages.contains(&image.to_lowercase()) {
                    found.extend(container(&image, first_line(file, &lines)));
                }
                stages.extend(stage);
            }
            "COPY" | "ADD" => {
                let from = words.find_map(|word| word.strip_prefix("--from="));
                let from = from.filter(|from| !stages.contains(&from.to_lowercase()));
                found.extend(from.and_then(|from| container(from, first_line(file, &lines))));
            }
            "ARG" => {
                if let Some((name, value)) = words.next().and_then(|word| word.split_once('=')) {
                    arguments.insert(name.to_owned(), value.trim_matches('"').to_owned());
                }
                found.extend(variables(file, lines));
            }
            "ENV" => found.extend(variables(file, lines)),
            "RUN" => found.extend(installed(file, lines)),
            "CMD" | "ENTRYPOINT" => found.extend(worker(text, first_line(file, &lines))),
            _ => found.extend(lines.filter_map(|index| certain(file, index))),
        }
    }
    found
}

/// Lines of one instruction: those that end with a backslash go on, comments between them too.
fn instructions(file: &File) -> Vec<Range<usize>> {
    let mut all = Vec::new();
    let mut start = None;
    for index in 0..file.line_count() {
        let line = file.text[file.line(index)].trim();
        let is_comment = line.starts_with('#');
        if start.is_none() && (line.is_empty() || is_comment) {
            continue;
        }
        let from = *start.get_or_insert(index);
        if !line.ends_with('\\') && !is_comment {
            all.push(from..index + 1);
            start = None;
        }
    }
    all.extend(start.map(|from| from..file.line_count()));
    all
}

fn first_line(file: &File, lines: &Range<usize>) -> Range<usize> {
    file.line(lines.start)
}

fn container(image: &str, span: Range<usize>) -> Option<Sighting> {
    Some(Sighting::new(Kind::Container, server::of_image(image)?, span, image))
}

/// `${BASE}` and `$BASE` by what `ARG` says of them.
fn resolve(image: &str, arguments: &HashMap<String, String>) -> String {
    let name = image.strip_prefix('$').map(|name| name.trim_matches(['{', '}']));
    let value = name.and_then(|name| arguments.get(name));
    value.cloned().unwrap_or_else(|| image.to_owned())
}

/// `ENV A=1 B=2 \`, and `ENV A 1`: one for each line.
fn variables(file: &File, lines: Range<usize>) -> Vec<Sighting> {
    static ASSIGNED: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r#"([A-Za-z_]\w*)=("[^"]*"|'[^']*'|\S*)"#).expect("it is valid")
    });
    let found = lines.filter_map(|index| {
        let span = file.line(index);
        let line = &file.text[span.clone()];
        let mut pairs = ASSIGNED.captures_iter(line).filter_map(|pair| {
            let name = pair.get(1)?.as_str();
            Some((name, said::of(name, &pair[2]).filter(|said| said.kind == Kind::VariableSet)?))
        });
        match pairs.next() {
            Some((name, said)) => {
                let sighting = Sighting::new(Kind::VariableSet, said.store, span, name);
                Some(with_purpose(sighting, name))
            }
            None => line::of_line(file, index),
        }
    });
    found.collect()
}

/// What a container is started with, where it works off a queue.
fn worker(text: &str, span: Range<usize>) -> Option<Sighting> {
    let (program, store) = super::worker(text)?;
    Some(super::run(Kind::Setting, store, span, program))
}

/// Packages of the system and of languages that are installed.
fn installed(file: &File, lines: Range<usize>) -> Vec<Sighting> {
    let mut installs = false;
    let mut found = Vec::new();
    for index in lines {
        let span = file.line(index);
        let line = &file.text[span.clone()];
        let mut package = None;
        for word in line.split_whitespace() {
            if server::installs(word) {
                installs = true;
            } else if ["&&", ";", "||", "|"].contains(&word) {
                installs = false;
            } else if installs && !word.starts_with('-') && !word.contains('/') && package.is_none()
            {
                package = server::of_name(word).map(|store| (word, store));
            }
        }
        let start = file.line(index).start;
        let said = || line::written(line, start).or_else(|| certain(file, index));
        let installed =
            package.map(|(name, store)| Sighting::new(Kind::Package, store, span, name));
        found.extend(installed.or_else(said));
    }
    found
}

/// An address in a line, or a variable that is set in it.
fn certain(file: &File, index: usize) -> Option<Sighting> {
    let found = line::of_line(file, index)?;
    matches!(found.kind, Kind::ConnectionString | Kind::VariableSet).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_it_is_built_from_installs_and_sets() {
        let text = "\u{feff}\
ARG BASE=redis:7.2
FROM ${BASE} AS cache
FROM node:22
# FROM redis
RUN apt-get update && apt-get install -y curl \\
    redis-tools && echo redis
ENV NODE_ENV=production \\
    REDIS_URL=\"redis://cache:6379\"
COPY --from=cache /x /x
COPY --from=valkey/valkey:8 /y /y
RUN npm i -g redis-commander@1 && npm run redistribute
CMD [\"node\", \"redis.js\"]
";
        let file = File::new("Dockerfile".into(), text.into());
        let told: Vec<_> = read(&file)
            .into_iter()
            .map(|found| {
                let line = file.line_of(found.span.start) + 1;
                format!("{line} {:?} {}", found.kind, found.name)
            })
            .collect();
        assert_eq!(
            told,
            [
                "2 Container redis:7.2",
                "6 Package redis-tools",
                "8 VariableSet REDIS_URL",
                "10 Container valkey/valkey:8",
                "11 Package redis-commander@1",
            ]
        );
    }
}
