//! Languages without a grammar here, read line by line: `data/lines.toml`, a file of data.
//!
//! What is asked of them is plain: which lines import a client, which make one, and which send a command by a name that is bound to it.

use std::{collections::HashSet, sync::LazyLock};

use regex::Regex;
use serde::Deserialize;

use super::known;
use crate::{
    file::File,
    finding::{Kind, Sighting, Store},
    setting::{address, variable},
};

#[derive(Deserialize)]
struct Data {
    language: Vec<Written>,
}

/// A language, for one store, as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    extensions: Vec<String>,
    store: Store,
    comments: Vec<String>,
    #[serde(default)]
    imports: Vec<String>,
    #[serde(default)]
    clients: Vec<String>,
    #[serde(default)]
    commands: Vec<String>,
    #[serde(default)]
    needs: bool,
}

struct Language {
    written: Written,
    imports: Option<Regex>,
    clients: Option<Regex>,
    commands: Option<Regex>,
}

static LANGUAGES: LazyLock<Vec<Language>> = LazyLock::new(|| {
    let data = include_str!("../../../data/lines.toml");
    let data: Data = toml::from_str(data).expect("a test reads the file");
    let one = |all: &[String]| {
        let parts: Vec<_> = all.iter().map(|one| format!("(?:{one})")).collect();
        (!parts.is_empty()).then(|| Regex::new(&parts.join("|")).expect("a test compiles them"))
    };
    let languages = data.language.into_iter().map(|written| Language {
        imports: one(&written.imports),
        clients: one(&written.clients),
        commands: one(&written.commands),
        written,
    });
    languages.collect()
});

/// `getenv("NAME")`, `$ENV{NAME}`, `System.fetch_env!("NAME")`, `Platform.environment['NAME']`, `sys.env.getOrElse("NAME", …)`.
static READ: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r#"(?:\bgetenv|\bget_env!?|\bfetch_env!?|\b[Ee]nvironment(?:\.get)?|\bsys\.env(?:\.get(?:OrElse)?)?|\bEnv\.get|"#,
        r#"\bSys\.getenv|\blookupEnv|\bSystem/getenv|\$ENV|\bENV)\s*[\[({!]*\s*(?:\w+\s*,\s*)?["'(]*(?P<name>[A-Z_][A-Z0-9_]*)\b"#,
    ))
    .expect("it is valid")
});

/// The name to which a line binds what it makes: `my $redis = …`, `local red = …`, `Redis redis(…)`.
static BOUND: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:^|[\s*&$])(?P<name>[A-Za-z_]\w*)(?:\s*:\s*[\w.<>?\[\]]+)?\s*(?:=|<-|:=)\s*[^=]|^\s*[\w:<>]+\s+(?P<declared>[A-Za-z_]\w*)\s*[({]")
        .expect("it is valid")
});

/// A method that is called: `redis.get(`, `red:incr(`, `$redis->smembers(`.
static CALLED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:^|[^\w.>:])\$?(?P<name>[A-Za-z_]\w*)(?:\.|->|:)(?P<method>[A-Za-z_]\w*)!?\s*\(")
        .expect("it is valid")
});

/// What a file of such a language says; nothing of another file.
pub(super) fn read(file: &File) -> Vec<Sighting> {
    let extension = extension(file);
    let mut of = LANGUAGES
        .iter()
        .filter(|language| language.written.extensions.iter().any(|known| known == extension));
    let Some(first) = of.next() else { return Vec::new() };
    if crate::prose::mention(&file.text).is_none() {
        return Vec::new();
    }
    let comments = &first.written.comments;
    let mut found = Vec::new();
    let all: Vec<_> = std::iter::once(first).chain(of).collect();
    for language in &all {
        clients(file, language, &mut found);
    }
    for (at, line) in code(file, comments) {
        let reads = READ.captures_iter(line).find_map(|read| {
            let name = read.name("name")?;
            Some((name, variable::store_of(name.as_str())?))
        });
        if let Some((name, store)) = reads {
            let span = at + name.start()..at + name.end();
            found.push(Sighting::new(Kind::VariableRead, store, span, name.as_str()));
        } else if let Some(address) = address::find(line).filter(|one| one.is_certain) {
            let is_quoted = line[..address.span.start].ends_with(['"', '\'', '/', '`']);
            let text = line[address.span.clone()].split("://").next().unwrap_or_default();
            let span = at + address.span.start..at + address.span.end;
            let sighting = Sighting::new(Kind::ConnectionString, address.store, span, text);
            found.extend(is_quoted.then_some(sighting));
        }
    }
    // What a file is called tells what it is for, where nothing in it does.
    let stem = file.name().split('.').next().unwrap_or_default();
    if let Some((purpose, word)) = known::purpose_of(stem) {
        for sighting in found.iter_mut().filter(|sighting| sighting.purpose.is_none()) {
            sighting.purpose = Some((purpose, format!("`{stem}` says `{word}`")));
        }
    }
    found
}

/// The ending of a file, or that of the language in which its first line says that it is written.
fn extension(file: &File) -> &str {
    if file.name().contains('.') {
        return file.extension();
    }
    let line = file.text.strip_prefix("#!").and_then(|text| text.lines().next());
    let mut words = line.unwrap_or_default().split([' ', '/']);
    let runs = [("perl", "pl"), ("lua", "lua"), ("luajit", "lua"), ("elixir", "exs")];
    words
        .find_map(|word| runs.iter().find(|(program, _)| *program == word.trim_end()))
        .map_or("", |(_, extension)| extension)
}

/// The lines of a file that are no comments, with where each begins.
fn code<'f>(file: &'f File, comments: &[String]) -> impl Iterator<Item = (usize, &'f str)> {
    (0..file.line_count()).filter_map(move |index| {
        let span = file.line(index);
        let line = &file.text[span.clone()];
        let is_include = line.trim_start().starts_with("#include");
        let is_comment = comments.iter().any(|mark| line.trim_start().starts_with(&**mark));
        (is_include || !is_comment).then_some((span.start, line))
    })
}

fn clients(file: &File, language: &Language, found: &mut Vec<Sighting>) {
    let written = &language.written;
    let mut is_imported = !written.needs;
    let mut bound: HashSet<&str> = HashSet::new();
    for (at, line) in code(file, &written.comments) {
        let matched = |regex: &Option<Regex>| regex.as_ref()?.find(line);
        let mut put = |kind, start: usize, name: &str| {
            found.push(Sighting::new(kind, written.store, at + start..at + line.len(), name));
        };
        let blank = line.len() - line.trim_start().len();
        if let Some(import) = matched(&language.imports) {
            is_imported = true;
            put(Kind::Import, blank.max(import.start()), last_word(import.as_str()));
        }
        if !is_imported {
            continue;
        }
        if let Some(client) = matched(&language.clients) {
            put(Kind::Client, client.start(), last_word(client.as_str()));
            let names = BOUND.captures(line).and_then(|bound| {
                bound.name("name").or_else(|| bound.name("declared")).map(|name| name.as_str())
            });
            bound.extend(names);
            continue;
        }
        if let Some(command) = matched(&language.commands) {
            put(Kind::Command, command.start(), last_word(command.as_str()));
            continue;
        }
        let sent = CALLED.captures_iter(line).find_map(|called| {
            let (name, method) = (called.name("name")?, called.name("method")?);
            let is_one = bound.contains(name.as_str());
            let purpose = known::command(method.as_str()).filter(|_| is_one)?;
            Some((name.start(), method.as_str(), purpose))
        });
        if let Some((start, method, purpose)) = sent {
            let sighting =
                Sighting::new(Kind::Command, written.store, at + start..at + line.len(), method);
            found.push(match purpose {
                crate::finding::Purpose::Other => sighting,
                purpose => sighting.purpose(purpose, format!("`{method}` is mostly for that")),
            });
        }
    }
}

/// What a finding is called: the last name of what was matched.
fn last_word(text: &str) -> &str {
    let is_sign = |c: char| !c.is_alphanumeric() && !matches!(c, '_' | '.' | ':' | '+' | '/' | '-');
    let trimmed = text.trim_matches(is_sign).trim_end_matches(['.', ':', '/', '-']);
    trimmed.rsplit(is_sign).next().unwrap_or(trimmed).trim_start_matches("package:")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(path: &str, text: &str) -> Vec<String> {
        let file = File::new(path.into(), text.into());
        let mut found = read(&file);
        found.sort_by_key(|found| (found.span.start, found.kind));
        let told = found.iter().map(|found| {
            format!("{} {:?} {}", file.line_of(found.span.start) + 1, found.kind, found.name)
        });
        told.collect()
    }

    #[test]
    fn elixir_and_scala() {
        let text = "  # alias Redix\n  alias Redix\n  {Redix, {System.fetch_env!(\"REDIS_URL\"), []}},\n  Redix.command(:redix, [\"GET\"])\n  Redistribute.all()\n";
        assert_eq!(
            told("a.ex", text),
            [
                "2 Import Redix",
                "3 Client Redix",
                "3 VariableRead REDIS_URL",
                "4 Command Redix.command"
            ]
        );
        let text = "import dev.profunktor.redis4cats.Redis\nimport redistribute.All\nval all = Redis[IO].utf8(sys.env.getOrElse(\"REDIS_URL\", \"x\"))\n// Redis[IO].utf8(\"redis://x\")\n";
        assert_eq!(
            told("a.scala", text),
            ["1 Import dev.profunktor.redis4cats", "3 Client .utf8", "3 VariableRead REDIS_URL"]
        );
    }

    #[test]
    fn c_lua_perl_dart_and_swift() {
        let text = "#include <sw/redis++/redis++.h>\n// #include <hiredis/hiredis.h>\nsw::redis::Redis redis(std::getenv(\"REDIS_URI\"));\nredis.lpush(\"a\", \"b\");\nother.lpush(\"a\");\nputs(\"Redis is up\");\n";
        assert_eq!(
            told("a.cpp", text),
            [
                "1 Import sw/redis++",
                "3 Client redis",
                "3 VariableRead REDIS_URI",
                "4 Command lpush"
            ]
        );
        let text = "local redis = require \"resty.redis\"\nlocal red = redis:new()\nred:incr(\"a\")\ncache:incr(\"hits\")\n-- red:get(1)\n";
        assert_eq!(
            told("a.lua", text),
            ["1 Import resty.redis", "2 Client redis:new", "3 Command incr"]
        );
        assert_eq!(
            told("b.lua", "local cache = ngx.shared.redis_like\ncache:incr(\"a\")\n"),
            [""; 0]
        );
        let text = "use Redis::Fast;\nmy $r = Redis::Fast->new(server => $ENV{REDIS_SERVER});\nprint $r->smembers('x');\nprint 'redis is down';\n";
        assert_eq!(
            told("a.pl", text),
            [
                "1 Import Redis::Fast",
                "2 Client Redis::Fast->new",
                "2 VariableRead REDIS_SERVER",
                "3 Command smembers"
            ]
            .map(|one| one.replace("Redis::Fast->new", "new"))
        );
        let text = "import 'package:redis/redis.dart';\nfinal c = await RedisConnection().connect(Platform.environment['REDIS_HOST'] ?? 'x', 6379);\n";
        assert_eq!(
            told("a.dart", text),
            ["1 Import redis", "2 Client RedisConnection", "2 VariableRead REDIS_HOST"]
        );
        let text = "import Redis\nimport RedisLike\napp.redis.configuration = try RedisConfiguration(url: \"redis://x:6379\")\n";
        assert_eq!(
            told("a.swift", text),
            ["1 Import Redis", "3 Client redis.configuration", "3 ConnectionString redis"]
        );
    }
}
