//! Configuration by line: what has no parser, what is a template, and what its parser refuses.

use std::sync::LazyLock;

use regex::Regex;

use super::{address, command, filled, said, server, variable};
use crate::{
    file::File,
    finding::{Kind, Life, Sighting},
};

/// `key: value`, `key = value`, `- KEY=value`, `export KEY=value`, `ENV KEY value`.
static PAIR: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r#"^\s*(?:-\s+)?(?:(?:export|ENV|ARG|set|SET|declare -x|param|var|output)\s+)?"#,
        r#"["']?(?P<key>[A-Za-z_][\w.-]*)["']?(?:\s*[:=]\s*|\s+)(?P<value>.*)$"#,
    ))
    .expect("it is valid")
});

/// `name: KEY` of a list of variables.
static NAMED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"\b(?i:name|key)["']?\s*[:=]\s*["']?(?P<name>[A-Z_][A-Z0-9_]+|[A-Z]\w*__\w+)\b"#)
        .expect("it is valid")
});

/// `<env name="KEY" value="…"/>` of `phpunit.xml`, `<add key="KEY" value="…"/>` of .NET.
static ELEMENT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"<\w+\s[^>]*?\b(?:name|key)="(?P<key>[\w.:-]+)"[^>]*?\bvalue="(?P<value>[^"]*)""#)
        .expect("it is valid")
});

/// `KEY=` behind a blank or a sign.
static ASSIGNED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"(?:^|[\s"',;(=])([A-Z_][A-Z0-9_]+|[A-Z]\w*__\w+)="#).expect("it is valid")
});

/// `image: …`, `"image": …`, `FROM …`.
static IMAGE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"(?:^|[\s{,])["']?(?i:image)["']?\s*[:=]\s*["']?(?P<image>[\w./:@${}-]+)"#)
        .expect("it is valid")
});

/// Longer lines are no configuration that a person has written.
const LONGEST: usize = 4 << 10;

/// Reads all lines of a file, with the variables from which they are filled.
pub(super) fn all(file: &File) -> Vec<Sighting> {
    let told = |index| {
        let said = of_line(file, index).or_else(|| started(file, index));
        said.or_else(|| filled::of_line(file, index))
    };
    (0..file.line_count()).filter_map(told).collect()
}

/// A program that a line has started: `command=php artisan horizon` of supervisord.
fn started(file: &File, index: usize) -> Option<Sighting> {
    let span = file.line(index);
    let pair = PAIR.captures(&file.text[span.clone()])?;
    let (program, store) =
        server::of_command(&pair["value"]).filter(|_| said::is_command(&pair["key"]))?;
    Some(super::run(Kind::Setting, store, span, program))
}

/// The key of a line that is a pair.
pub(super) fn key(line: &str) -> Option<&str> {
    Some(PAIR.captures(line)?.name("key")?.as_str())
}

/// What one line says: one thing, the most telling.
pub(super) fn of_line(file: &File, index: usize) -> Option<Sighting> {
    let span = file.line(index);
    let line = &file.text[span.clone()];
    let trimmed = line.trim_start_matches('\u{feff}').trim_start();
    if line.len() > LONGEST
        || ["#", "//", ";", "<!--", "{{/*"].iter().any(|c| trimmed.starts_with(c))
    {
        return None;
    }
    let start = span.start + line.len() - trimmed.len();
    said_in(trimmed.trim_end(), start)
}

/// What a text that is one line says, which begins at a place.
pub(super) fn said_in(line: &str, start: usize) -> Option<Sighting> {
    let span = start..start + line.len();
    let sighting = |kind, store, name: &str| Some(Sighting::new(kind, store, span.clone(), name));
    if let Some(named) = NAMED.captures(line)
        && let Some(store) = variable::store_of(&named["name"])
    {
        return sighting(Kind::VariableSet, store, &named["name"])
            .map(|s| with_purpose(s, &named["name"]));
    }
    if let Some(element) = ELEMENT.captures(line)
        && let Some(said) = said::of(&element["key"], &element["value"])
    {
        let key = &element["key"];
        return sighting(said.kind, said.store, key).map(|s| with_purpose(s, key));
    }
    if let Some(image) = IMAGE.captures(line)
        && let Some(store) = server::of_image(&image["image"])
    {
        return sighting(Kind::Container, store, &image["image"]);
    }
    if let Some(pair) = PAIR.captures(line) {
        let (key, value) = (&pair["key"], &pair["value"]);
        // `KEY value` is a pair only where `KEY` is written as a variable is.
        let is_pair = said::is_variable(key) || line[key.len()..].contains([':', '=']);
        if let Some(said) = said::of(key, value).filter(|_| is_pair) {
            return sighting(said.kind, said.store, key).map(|s| with_purpose(s, key));
        }
    }
    // Within a command: `az webapp config appsettings set --settings REDIS_HOST=x`.
    if let Some((name, store)) = ASSIGNED.captures_iter(line).find_map(|assigned| {
        let name = assigned.get(1)?.as_str();
        Some((name, variable::store_of(name)?))
    }) {
        return sighting(Kind::VariableSet, store, name).map(|s| with_purpose(s, name));
    }
    if let Some((name, store)) = command::passed(line) {
        return sighting(Kind::VariableSet, store, name).map(|s| with_purpose(s, name));
    }
    let address = address::find(line).filter(|address| address.is_certain)?;
    Some(Sighting::new(
        Kind::ConnectionString,
        address.store,
        start + address.span.start..start + address.span.end,
        line.get(address.span)?,
    ))
}

/// What a command writes into a file: `echo 'session.save_handler = redis' > session.ini`.
pub(super) fn written(line: &str, start: usize) -> Option<Sighting> {
    static WRITTEN: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r#"\b(?:echo|printf)\s+(?:-\w+\s+)*(?:'(?P<single>[^']*)'|"(?P<double>[^"]*)")\s*(?:>|\|\s*(?:sudo\s+)?tee\b)"#,
        )
        .expect("it is valid")
    });
    let found = WRITTEN.captures(line)?;
    let text = found.name("single").or_else(|| found.name("double"))?;
    said_in(text.as_str(), start + text.start())
}

/// With what a key says the store is for.
pub(super) fn with_purpose(sighting: Sighting, key: &str) -> Sighting {
    match said::purpose(key) {
        Some((purpose, why)) => sighting.purpose(purpose, why),
        None => sighting,
    }
}

/// Reads a file of variables; what is commented out lies there, and does nothing.
pub(super) fn variables(file: &File) -> Vec<Sighting> {
    static COMMENTED: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^[#;]+\s*(?:export\s+)?(?P<key>[A-Z_][A-Z0-9_]+)\s*=\s*(?P<value>\S*)\s*$")
            .expect("it is valid")
    });
    let found = (0..file.line_count()).filter_map(|index| {
        let span = file.line(index);
        let line = &file.text[span.clone()];
        if let Some(commented) = COMMENTED.captures(line.trim()) {
            let said = said::of(&commented["key"], &commented["value"])?;
            let sighting = Sighting::new(said.kind, said.store, span, &commented["key"]);
            return Some(sighting.life(Life::Dormant, "it is commented out"));
        }
        let key = line.trim_start_matches('\u{feff}').trim();
        let key = key.strip_prefix("export ").unwrap_or(key);
        let (key, value) = key.split_once('=').unwrap_or((key, ""));
        let key = key.trim();
        if key.starts_with('#') || key.is_empty() || key.contains(' ') {
            return None;
        }
        // In lower case too: all that stands here is a variable.
        let said = said::of(key, value).map(|said| said.store);
        let store = said.or_else(|| variable::store_of(key))?;
        Some(with_purpose(Sighting::new(Kind::VariableSet, store, span, key), key))
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(found: &[Sighting], file: &File) -> Vec<String> {
        let told = found.iter().map(|found| {
            let life = if found.life.is_some() { " dormant" } else { "" };
            let at = file.line_of(found.span.start) + 1;
            format!("{at} {:?} {}{life}", found.kind, found.name)
        });
        told.collect()
    }

    #[test]
    fn a_line_says_one_thing() {
        let text = "\
{{- if .Values.redis.enabled }}
        - name: REDIS_HOST
          value: {{ .Values.redis.host }}
        image: \"redis:7\"
  broker: rediss://:x@h:1/0
# REDIS_URL: x
  redistribute: true
export REDIS_TOKEN=x
spring.data.redis.host=localhost
";
        let file = File::new("templates/x.yaml".into(), text.into());
        assert_eq!(
            told(&all(&file), &file),
            [
                "2 VariableSet REDIS_HOST",
                "4 Container redis:7",
                "5 ConnectionString broker",
                "8 VariableSet REDIS_TOKEN",
                "9 Setting spring.data.redis.host",
            ]
        );
    }

    #[test]
    fn variables_that_are_commented_out_lie_there() {
        let text = "\u{feff}REDIS_URL=redis://:p@h:6379\r\n# REDIS_URL=redis://old\r\n# Redis: see README\r\nexport CACHE='redis://x'\r\nREDISTRIBUTE=1\r\n\r\nredis_host=x\r\nBULL_PREFIX=x\r\n";
        let file = File::new(".env".into(), text.into());
        assert_eq!(
            told(&variables(&file), &file),
            [
                "1 VariableSet REDIS_URL",
                "2 VariableSet REDIS_URL dormant",
                "4 VariableSet CACHE",
                "7 VariableSet redis_host",
            ]
        );
    }
}
