//! Variables and settings that are read and set by their names.

use std::{
    collections::{HashMap, HashSet},
    ops::Range,
    sync::LazyLock,
};

use regex::Regex;

use super::{
    super::{self as judge, Reading, binding_around, call_around},
    address::address_of,
    around::setting_around,
    php, told,
};
use crate::{
    code::other::{
        known,
        language::Language,
        source::{Text, clip},
    },
    finding::{Kind, Sighting, Store},
    prose,
    setting::variable,
};

/// `%env(int:REDIS_PORT)%` of Symfony, `${spring.redis.host:localhost}` of Spring, and of a field's tag in Go
/// `env:"REDIS_URL"`, `envPrefix:"REDIS_"`, `env:", prefix=REDIS_"`.
static WITHIN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"%env\((?:\w+:)*(?P<symfony>\w+)\)%|\$\{(?P<spring>[\w.-]+)[:}]|\b(?:env|envPrefix|envconfig|envvar|env-name|config)(?:=|:)\\?"(?:,\s*prefix=)?(?P<tag>[A-Za-z_]\w*)"#)
        .expect("it is valid")
});

/// `env:"BROKER" envDefault:"redis://h:6379"` of a field's tag in Go: a variable, and what it is without being set.
static TAGGED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"\b(?:env|envconfig)(?:=|:)"(?P<name>[A-Za-z_]\w*)[^"]*".*\b(?:envDefault|default):"(?P<value>[^"]+)"|\bdefault:"(?P<before>[^"]+)".*\b(?:env|envconfig):"(?P<behind>[A-Za-z_]\w*)"#)
        .expect("it is valid")
});

/// Names of variables are written so, and hardly anything else.
static VARIABLE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$").expect("it is valid"));

/// Where the names stand that are read, and what reads them.
pub(super) fn readers(reading: &Reading<'_>) -> HashMap<usize, Range<usize>> {
    let source = reading.source;
    let mut spans: Vec<Range<usize>> = source
        .calls
        .iter()
        .filter(|call| known::is_reader(call.callee.trim_end_matches('!')))
        .map(|call| call.at..call.span.end)
        .collect();
    let looked_up = source.subscripts.iter().filter(|(path, _)| known::is_reader(path));
    spans.extend(looked_up.map(|(_, span)| span.clone()));
    let marks = source.marks.iter().filter(|(mark, _)| {
        ["@Value", "@Config", "@ConditionalOnProperty", "@Property"]
            .iter()
            .any(|start| mark.starts_with(start))
    });
    spans.extend(marks.map(|(_, span)| span.clone()));
    let mut read = HashMap::new();
    for span in spans {
        let first = source.texts.partition_point(|text| text.span.start < span.start);
        if let Some(text) = source.texts.get(first).filter(|text| text.span.end <= span.end) {
            read.insert(text.span.start, span);
        }
    }
    read
}

/// Where the names stand of what is set, and what kind of thing it is.
pub(super) fn set(reading: &Reading<'_>) -> HashMap<usize, Kind> {
    let texts = &reading.source.texts;
    let set = reading.source.calls.iter().filter_map(|call| {
        let kind = known::sets(&call.callee)?;
        let first = texts.partition_point(|text| text.span.start < call.at);
        let text = texts.get(first).filter(|text| text.span.end <= call.span.end)?;
        Some((text.span.start, kind))
    });
    set.collect()
}

/// `define('WP_REDIS_HOST', …)`, `viper.SetDefault("redis.addr", …)`.
pub(super) fn is_set(
    reading: &Reading<'_>,
    text: &Text,
    set: &HashMap<usize, Kind>,
) -> Option<Sighting> {
    let kind = *set.get(&text.span.start)?;
    let store =
        variable::store_of(&text.value).filter(|_| !text.value.contains(char::is_whitespace))?;
    let named = variable(reading, &text.value, store, text.span.clone());
    Some(Sighting { kind, ..named })
}

pub(super) fn variable_read(
    reading: &Reading<'_>,
    text: &Text,
    readers: &HashMap<usize, Range<usize>>,
) -> Option<Sighting> {
    let within = matches!(
        reading.names.language(),
        Language::Java | Language::Kotlin | Language::Go | Language::Rust | Language::Php
    );
    let written = reading.file.text.get(text.span.clone()).unwrap_or_default();
    let found = WITHIN.captures_iter(written).filter(|_| within).find_map(|found| {
        let name = found.name("spring").or(found.name("tag")).or(found.name("symfony"))?;
        let start = text.span.start + name.start();
        let store = variable::store_of(name.as_str())?;
        Some(variable(reading, name.as_str(), store, start..start + name.len()))
    });
    let tagged = || tagged(reading, text, written);
    if let Some(found) = found.or_else(tagged) {
        return Some(found);
    }
    let is_read =
        readers.contains_key(&text.span.start) && !text.value.contains(char::is_whitespace);
    let is_named = VARIABLE.is_match(&text.value);
    let store = variable::store_of(&text.value).filter(|_| is_read || is_named)?;
    let at = text.span.start;
    // The key of a pair says what is set, and not what is read.
    if !is_read
        && reading.source.bindings.iter().any(|binding| binding.is_pair && binding.span.start == at)
    {
        let is_set = php::sets_environment(reading, at);
        let kind = if is_set { Kind::VariableSet } else { Kind::Setting };
        let sighting = Sighting::new(kind, store, text.span.clone(), clip(&text.value, 80));
        return Some(told(sighting, judge::told(&text.value)));
    }
    // A name in a list is not read there.
    let is_taken = is_read
        || call_around(reading.source, at).is_some()
        || reading.source.subscripts.iter().any(|(_, span)| span.contains(&at))
        || reading.source.marks.iter().any(|(_, span)| span.contains(&at))
        || binding_around(reading.source, at).is_some_and(|binding| binding.value_span.start == at);
    is_taken.then(|| variable(reading, &text.value, store, text.span.clone()))
}

/// A variable that a field's tag in Go names, of which what it is without being set tells.
fn tagged(reading: &Reading<'_>, text: &Text, written: &str) -> Option<Sighting> {
    let found = TAGGED.captures(written).filter(|_| reading.names.language() == Language::Go)?;
    let (name, value) = found
        .name("name")
        .or(found.name("behind"))
        .zip(found.name("value").or(found.name("before")))?;
    // A host and a port tell of nothing but what the tag's field is called.
    let store = address_of(value.as_str()).filter(|_| value.as_str().contains("://"))?;
    let start = text.span.start + name.start();
    Some(variable(reading, name.as_str(), store, start..start + name.len()))
}

pub(super) fn variable(
    reading: &Reading<'_>,
    name: &str,
    store: Store,
    span: Range<usize>,
) -> Sighting {
    let of_name =
        known::purpose_of(name).map(|(purpose, word)| (purpose, format!("its name says `{word}`")));
    let around = || setting_around(reading, span.start);
    let of_setting =
        || known::setting(name).map(|purpose| (purpose, format!("`{name}` is such a setting")));
    let purpose = of_name.or_else(of_setting).or_else(around).or_else(|| reading.purpose_of_file());
    told(Sighting::new(Kind::VariableRead, store, span, clip(name, 80)), purpose)
}

/// `os.environ.get("BROKER", "redis://…")`: what a variable is for is told by what it is without it.
pub(super) fn defaults(reading: &mut Reading<'_>, readers: &HashMap<usize, Range<usize>>) {
    let source = reading.source;
    for (&start, span) in readers {
        let within = |text: &&Text| text.span.start > start && text.span.end <= span.end;
        let first = source.texts.partition_point(|text| text.span.start < start);
        let Some(name) = source.texts.get(first) else { continue };
        let rest = source.texts[first..].iter().take(4);
        let default = rest.clone().filter(within).find_map(|text| {
            address_of(&text.value).or_else(|| known::value(&text.value).map(|(store, _)| store))
        });
        let is_name = !name.value.is_empty()
            && name
                .value
                .chars()
                .all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | ':' | '-'));
        let Some(store) = default.filter(|_| is_name && variable::store_of(&name.value).is_none())
        else {
            continue;
        };
        let found = variable(reading, &name.value, store, name.span.clone());
        reading.sightings.push(found);
    }
}

/// Variables of which only the value tells, which is known when all files are read: `env('CACHE_STORE')`.
pub(super) fn open(reading: &Reading<'_>) -> Vec<Sighting> {
    let told: HashSet<usize> =
        reading.sightings.iter().map(|found| reading.file.line_of(found.span.start)).collect();
    let texts = reading.source.texts.iter();
    let readers = readers(reading);
    let read = texts.filter(|text| readers.contains_key(&text.span.start));
    let open = read.filter(|text| {
        let line = reading.file.line_of(text.span.start);
        let is_other = variable::store_of(&text.value).is_none() && !told.contains(&line);
        is_other && VARIABLE.is_match(&text.value)
    });
    let open = open.map(|text| {
        let named = variable(reading, &text.value, Store::Redis, text.span.clone());
        Sighting { is_open: true, ..named }
    });
    open.collect()
}

/// `redis_url: str` of a class that takes its fields from the environment.
pub(super) fn fields(reading: &mut Reading<'_>) {
    let takes = reading.names.language() == Language::Python
        && (reading.file.text.contains("BaseSettings")
            || reading.file.text.contains("environ.config"));
    if !takes {
        return;
    }
    let mut found = Vec::new();
    for binding in reading
        .source
        .bindings
        .iter()
        .filter(|binding| !binding.of_type.is_empty() && !binding.is_pair)
    {
        let is_name = binding.target.chars().all(|c| c.is_alphanumeric() || c == '_');
        let is_plain = reading.names.of_type(&binding.of_type).is_none();
        let is_inside = reading.source.definitions.iter().any(|definition| {
            definition.span.contains(&binding.span.start)
                && definition.span.start != binding.span.start
        });
        let is_field =
            binding.span.end > binding.span.start && binding.value_span.start != binding.span.start;
        let store = variable::store_of(&binding.target).or_else(|| {
            // `cache: RedisDsn`
            let of_type = Some(&binding.of_type).filter(|of| of.contains("Dsn"))?;
            Some(prose::mention(of_type)?.0)
        });
        if let Some(store) = store.filter(|_| is_name && is_plain && is_inside && is_field) {
            found.push(variable(reading, &binding.target, store, binding.span.clone()));
        }
    }
    reading.sightings.extend(found);
}

/// `environ.Env(REDIS_MAX_CONNECTIONS=(int, 20))`: what a service reads, with what it is without being set.
pub(super) fn declared(reading: &mut Reading<'_>) {
    let source = reading.source;
    let calls = source.calls.iter().filter(|call| known::declares(&call.callee));
    let spans: Vec<_> = calls.map(|call| call.span.clone()).collect();
    let keys = source
        .bindings
        .iter()
        .filter(|of| of.is_pair && spans.iter().any(|span| span.contains(&of.span.start)));
    let found: Vec<_> = keys
        .filter(|of| VARIABLE.is_match(&of.target))
        .filter_map(|of| {
            let store = variable::store_of(&of.target)?;
            Some(variable(reading, &of.target, store, of.span.clone()))
        })
        .collect();
    reading.sightings.extend(found);
}
