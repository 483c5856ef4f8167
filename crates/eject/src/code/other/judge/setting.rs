//! What a file reads from its environment, which addresses it holds, and what it tells frameworks.

use std::{collections::HashMap, ops::Range, sync::LazyLock};

use regex::Regex;

use super::{Reading, binding_around, call_around, name};
use crate::{
    catalogue::Role,
    code::other::{
        known,
        language::Language,
        source::{Text, clip, last},
    },
    finding::{Kind, Purpose, Sighting, Store},
    prose,
    setting::variable,
};

/// An address of a server, and what stands behind the scheme.
static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"^(?:jdbc:)?(?P<scheme>rediss?|redis\+\w+|redis-sentinel|redis-socket|rediss?-cluster|unix\+redis|sentinel|valkeys?|mongodb|mongodb\+srv)",
        r"://(?P<rest>\S*)$",
    ))
    .expect("it is valid")
});

/// A host with the port that servers of a store have.
static HOST: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"^(?:tcp://|tls://)?[\w.$%{}-]*:(?P<port>6379|6380|26379|27017)(?:$|[,/?])",
        r"|^[\w-]+(?:\.[\w-]+)*\.(?:redis\.cache\.windows\.net|cache\.amazonaws\.com|mongo\.cosmos\.azure\.com)\b",
    ))
    .expect("it is valid")
});

/// A class or a module that is named in a text: `django_redis.cache.RedisCache`.
static CLASS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^[A-Za-z_]\w*(?:[.\\:]+[A-Za-z_]\w*)+$").expect("it is valid"));

/// `${spring.redis.host:localhost}` of Spring, `env:"REDIS_URL"` of a field's tag in Go.
static WITHIN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"\$\{(?P<spring>[\w.-]+)[:}]|\b(?:env|envconfig|envvar|env-name|config)(?:=|:)\\?"(?P<tag>[A-Za-z_]\w*)"#)
        .expect("it is valid")
});

/// Names of variables are written so, and hardly anything else.
static VARIABLE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$").expect("it is valid"));

/// Takes settings, variables and addresses.
pub(super) fn read(reading: &mut Reading<'_>) {
    let readers = readers(reading);
    let set = set(reading);
    let texts: Vec<_> = reading.source.texts.iter().collect();
    for text in texts {
        let found = address(reading, text)
            .or_else(|| is_set(reading, text, &set))
            .or_else(|| variable_read(reading, text, &readers))
            .or_else(|| value(reading, text))
            .or_else(|| part(reading, text))
            .or_else(|| class(reading, text))
            .or_else(|| class_of_php(reading, text))
            .or_else(|| section(reading, text));
        reading.sightings.extend(found.filter(|_| !is_for_people(reading, text)));
    }
    defaults(reading, &readers);
    framework_settings(reading);
    optional(reading);
    fields(reading);
    enabled(reading);
    telling(reading);
    given(reading);
}

/// `config.useSingleServer()`: a method that nothing else has, in a file that takes a client in.
fn telling(reading: &mut Reading<'_>) {
    let client = reading.source.imports.iter().find_map(|import| reading.names.imported(import));
    let Some(package) = client.filter(|package| package.store == Store::Redis) else { return };
    let is_method = |name: &str| name.starts_with(char::is_lowercase) && known::tells(name);
    let calls = reading.source.calls.iter().filter(|call| is_method(last(&call.callee)));
    let told = calls.map(|call| {
        Sighting::of(Kind::Setting, package, call.at..call.span.end, last(&call.callee))
    });
    let told: Vec<_> = told.collect();
    reading.sightings.extend(told);
}

/// Where the names stand of what is set, and what kind of thing it is.
fn set(reading: &Reading<'_>) -> HashMap<usize, Kind> {
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
fn is_set(reading: &Reading<'_>, text: &Text, set: &HashMap<usize, Kind>) -> Option<Sighting> {
    let kind = *set.get(&text.span.start)?;
    let store =
        variable::store_of(&text.value).filter(|_| !text.value.contains(char::is_whitespace))?;
    let named = variable(reading, &text.value, store, text.span.clone());
    Some(Sighting { kind, ..named })
}

/// `'backend' => 'Magento\\Framework\\Cache\\Backend\\Redis'`, `'class' => 'yii\\redis\\Cache'`.
fn class_of_php(reading: &Reading<'_>, text: &Text) -> Option<Sighting> {
    if reading.names_language() != Language::Php
        || !text.value.contains('\\')
        || !CLASS.is_match(&text.value)
    {
        return None;
    }
    let (store, _) = prose::mention(&text.value)?;
    let binding = binding_around(reading.source, text.span.start)
        .filter(|binding| binding.is_pair && binding.value_span.start == text.span.start)?;
    let key = last(&binding.target);
    if key != "class" && !known::takes_values(key) {
        return None;
    }
    let sighting = Sighting::new(Kind::Setting, store, text.span.clone(), clip(&text.value, 80));
    let purpose = super::told(&text.value).or_else(|| super::told(key));
    Some(told(sighting, purpose.or_else(|| reading.purpose_around(text.span.start))))
}

/// What is given to a thing of a package is for what the package is for, or the method that is the package's.
fn given(reading: &mut Reading<'_>) {
    let of = |sighting: &Sighting| match sighting.package {
        Some(package) => Some((package.purpose, package.name.clone())),
        None => Some((sighting.purpose.as_ref()?.0, sighting.name.clone())),
    };
    let made: Vec<_> = reading
        .sightings
        .iter()
        .filter(|sighting| sighting.kind == Kind::Client)
        .filter_map(|sighting| Some((sighting.span.clone(), of(sighting)?)))
        .filter(|(_, (purpose, _))| *purpose != Purpose::Other)
        .collect();
    for sighting in reading.sightings.iter_mut().filter(|sighting| sighting.purpose.is_none()) {
        let at = sighting.span.start;
        if let Some((_, (purpose, name))) =
            made.iter().find(|(span, _)| span.contains(&at) && span.start != at)
        {
            sighting.purpose = Some((*purpose, format!("it is given to {name}")));
        }
    }
}

/// `@EnableRedisHttpSession`, `@RedisHash("carts")`.
fn enabled(reading: &mut Reading<'_>) {
    let mut found = Vec::new();
    for (mark, span) in &reading.source.marks {
        let name = mark.trim_start_matches('@').split(['(', ' ']).next().unwrap_or_default();
        // `@RedisHash` says what is kept there, and `@TimeToLive` only how.
        let is_told = matches!(reading.names_language(), Language::Java | Language::Kotlin)
            && prose::mention(name).is_some_and(|(store, _)| store == Store::Redis);
        if !name.starts_with("Enable") && !is_told {
            continue;
        }
        if let Some((package, _)) = reading.names.resolve(name, false) {
            found.push(Sighting::of(Kind::Setting, package, span.clone(), name));
        }
    }
    reading.sightings.extend(found);
}

/// Text that is shown or compared and sets nothing.
fn is_for_people(reading: &Reading<'_>, text: &Text) -> bool {
    let Some(call) = call_around(reading.source, text.span.start) else { return false };
    let is_inner = binding_around(reading.source, text.span.start)
        .is_some_and(|binding| binding.span.start > call.at);
    let shown = [
        "info",
        "debug",
        "warn",
        "warning",
        "error",
        "log",
        "print",
        "println",
        "printf",
        "Println",
        "Printf",
        "Errorf",
        "Fatalf",
        "Sprintf",
        "Infof",
        "Info",
        "Warn",
        "Debug",
        "startswith",
        "starts_with",
        "HasPrefix",
        "start_with?",
        "StartsWith",
        "startsWith",
        "write",
        "puts",
        "echo",
        "eprintln",
        "panic",
        "bail",
        "anyhow",
        "LogInformation",
        "LogError",
        "raise",
        "removeprefix",
        "add_argument",
        "help_text",
    ];
    !is_inner && shown.contains(&last(&call.callee))
}

/// Where the names stand that are read, and what reads them.
fn readers(reading: &Reading<'_>) -> HashMap<usize, Range<usize>> {
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

/// The store whose server a text is the address of.
fn address_of(value: &str) -> Option<Store> {
    if let Some(found) = ADDRESS.captures(value) {
        let is_mongo = found["scheme"].starts_with("mongo");
        return Some(if is_mongo { Store::Mongodb } else { Store::Redis });
    }
    let found = HOST.captures(value)?;
    let is_mongo =
        found.name("port").is_some_and(|port| port.as_str() == "27017") || value.contains("mongo");
    Some(if is_mongo { Store::Mongodb } else { Store::Redis })
}

fn address(reading: &Reading<'_>, text: &Text) -> Option<Sighting> {
    let store = address_of(&text.value)?;
    // A scheme alone is what addresses are compared with, unless it is given to a setting.
    let is_bare = text.value.ends_with("://");
    let binding = binding_around(reading.source, text.span.start);
    if is_bare && binding.is_none_or(|binding| known::setting(&binding.target).is_none()) {
        return None;
    }
    let sighting =
        Sighting::new(Kind::ConnectionString, store, text.span.clone(), clip(&text.value, 120));
    let purpose = setting_around(reading, text.span.start);
    Some(told(sighting, purpose.or_else(|| reading.purpose_around(text.span.start))))
}

fn told(sighting: Sighting, purpose: Option<(Purpose, String)>) -> Sighting {
    match purpose {
        Some((purpose, why)) => sighting.purpose(purpose, why),
        None => sighting,
    }
}

fn variable_read(
    reading: &Reading<'_>,
    text: &Text,
    readers: &HashMap<usize, Range<usize>>,
) -> Option<Sighting> {
    let within = matches!(
        reading.names_language(),
        Language::Java | Language::Kotlin | Language::Go | Language::Rust
    );
    let written = reading.file.text.get(text.span.clone()).unwrap_or_default();
    let found = WITHIN.captures_iter(written).filter(|_| within).find_map(|found| {
        let name = found.name("spring").or(found.name("tag"))?;
        let start = text.span.start + name.start();
        let store = variable::store_of(name.as_str())?;
        Some(variable(reading, name.as_str(), store, start..start + name.len()))
    });
    if found.is_some() {
        return found;
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
        let sighting =
            Sighting::new(Kind::Setting, store, text.span.clone(), clip(&text.value, 80));
        return Some(told(sighting, super::told(&text.value)));
    }
    // A name in a list is not read there.
    let is_taken = is_read
        || call_around(reading.source, at).is_some()
        || reading.source.subscripts.iter().any(|(_, span)| span.contains(&at))
        || reading.source.marks.iter().any(|(_, span)| span.contains(&at))
        || binding_around(reading.source, at).is_some_and(|binding| binding.value_span.start == at);
    is_taken.then(|| variable(reading, &text.value, store, text.span.clone()))
}

fn variable(reading: &Reading<'_>, name: &str, store: Store, span: Range<usize>) -> Sighting {
    let of_name =
        known::purpose_of(name).map(|(purpose, word)| (purpose, format!("its name says `{word}`")));
    let around = || setting_around(reading, span.start);
    let of_setting =
        || known::setting(name).map(|purpose| (purpose, format!("`{name}` is such a setting")));
    let purpose = of_name.or_else(of_setting).or_else(around).or_else(|| reading.purpose_of_file());
    told(Sighting::new(Kind::VariableRead, store, span, clip(name, 80)), purpose)
}

/// What the settings around a place are for, the innermost that says it.
fn setting_around(reading: &Reading<'_>, at: usize) -> Option<(Purpose, String)> {
    let around = reading.source.bindings.iter().filter(|binding| binding.span.contains(&at));
    let mut around: Vec<_> = around.collect();
    around.sort_by_key(|binding| binding.span.len());
    around.into_iter().find_map(|binding| {
        let purpose = known::setting(&binding.target)
            .or_else(|| known::purpose_of(&binding.target).map(|(purpose, _)| purpose))?;
        Some((purpose, format!("it is the `{}`", clip(&binding.target, 60))))
    })
}

/// What the names of the settings around a place say, the innermost that says it: `'session' => ['save' => 'redis']`.
fn named_around(reading: &Reading<'_>, at: usize) -> Option<(Purpose, String)> {
    let around = reading.source.bindings.iter();
    let mut around: Vec<_> =
        around.filter(|binding| binding.is_pair && binding.value_span.contains(&at)).collect();
    around.sort_by_key(|binding| binding.span.len());
    around.into_iter().find_map(|binding| super::told(&binding.target))
}

/// `os.environ.get("BROKER", "redis://…")`: what a variable is for is told by what it is without it.
fn defaults(reading: &mut Reading<'_>, readers: &HashMap<usize, Range<usize>>) {
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

/// `cache_store = :redis_cache_store`, `'driver' => 'redis'`, `CACHE_TYPE = "RedisCache"`.
fn value(reading: &Reading<'_>, text: &Text) -> Option<Sighting> {
    let (store, purpose) = known::value(&text.value)?;
    let at = text.span.start;
    let binding =
        binding_around(reading.source, at).filter(|binding| binding.value_span.contains(&at));
    let call = call_around(reading.source, at);
    let is_inner =
        call.is_some_and(|call| binding.is_none_or(|binding| binding.span.len() > call.span.len()));
    let call = call.filter(|_| is_inner);
    let is_named = |callee: &str| known::is_reader(callee) || known::sets(callee).is_some();
    let read = call.filter(|call| is_named(&call.callee));
    let named = read.and_then(|call| {
        let texts = &reading.source.texts;
        texts
            .iter()
            .find(|text| call.span.contains(&text.span.start))
            .filter(|named| named.span != text.span)
    });
    // What is compared, or stands in a list, is not given to a setting.
    let given = binding
        .filter(|binding| read.is_some() || call.is_none() && binding.value_span.start == at);
    let called = call.filter(|call| {
        let first = call.arguments.first().map_or("", |argument| &*argument.value);
        read.is_none() && first.trim_matches([':', '"', '\'']) == text.value
    });
    let keys = [
        given.map(|binding| last(&binding.target)),
        called.map(|call| last(&call.callee)),
        named.map(|named| named.value.as_str()),
    ];
    let key = keys.into_iter().flatten().find(|key| known::takes_values(key))?;
    let is_made = call.is_some_and(|call| last(&call.callee) == "store") && binding.is_none();
    let kind = if is_made { Kind::Client } else { Kind::Setting };
    let name = format!("{} = {}", clip(key, 60), text.value);
    let around = || {
        known::purpose_of(key)
            .map(|(purpose, word)| (purpose, format!("the setting `{key}` says `{word}`")))
            .or_else(|| named_around(reading, at))
            .or_else(|| reading.purpose_around(at))
    };
    let purpose = purpose.map(|purpose| (purpose, format!("{} is such a thing", text.value)));
    Some(told(Sighting::new(kind, store, text.span.clone(), &name), purpose.or_else(around)))
}

/// `'redis' => […]` of a file of settings in PHP.
fn section(reading: &Reading<'_>, text: &Text) -> Option<Sighting> {
    let is_setting =
        reading.names_language() == Language::Php && reading.file.path.contains("config/");
    let (store, purpose) = known::value(&text.value).filter(|_| is_setting)?;
    let of_key = |binding: &&crate::code::other::source::Binding| {
        binding.is_pair && binding.span.start == text.span.start && binding.value.starts_with('[')
    };
    reading.source.bindings.iter().find(of_key)?;
    let sighting = Sighting::new(Kind::Setting, store, text.span.clone(), &text.value);
    let purpose = purpose.map(|purpose| (purpose, format!("{} is such a thing", text.value)));
    Some(told(sighting, purpose.or_else(|| reading.purpose_around(text.span.start))))
}

/// A part of a framework's application that a package is: in `INSTALLED_APPS`, and by `include("django_rq.urls")`.
fn part(reading: &Reading<'_>, text: &Text) -> Option<Sighting> {
    if reading.names_language() != Language::Python {
        return None;
    }
    let binding = binding_around(reading.source, text.span.start);
    let is_listed = binding.is_some_and(|binding| {
        matches!(last(&binding.target), "INSTALLED_APPS" | "THIRD_PARTY_APPS" | "MIDDLEWARE")
    });
    let is_included = call_around(reading.source, text.span.start)
        .is_some_and(|call| last(&call.callee) == "include");
    let is_name = text.value.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.'));
    if !is_name || !(is_listed || is_included) {
        return None;
    }
    let Some(package) = crate::catalogue::imported(Language::Python.ecosystem(), &text.value)
    else {
        // `health_check.contrib.redis`
        let (store, _) = prose::mention(&text.value).filter(|_| is_listed)?;
        return Some(Sighting::new(Kind::Setting, store, text.span.clone(), &text.value));
    };
    let is_on = matches!(package.role, Role::Client | Role::Library);
    is_on.then(|| Sighting::of(Kind::Setting, package, text.span.clone(), &text.value))
}

/// A class or a module of a package that is named in a text.
fn class(reading: &Reading<'_>, text: &Text) -> Option<Sighting> {
    if reading.names_language() != Language::Python || !CLASS.is_match(&text.value) {
        return None;
    }
    let value = text.value.split(':').next().unwrap_or_default();
    if !CLASS.is_match(value) || value.len() > 120 {
        return None;
    }
    let (store, _) = prose::mention(value)?;
    let binding = binding_around(reading.source, text.span.start)?;
    // What logs and tests are told of a module is not what it is told to use.
    let logs = ["loggers", "patch", "logger"].contains(&&*binding.target)
        || binding.value.contains("getLogger");
    let ends = [
        ".png", ".svg", ".html", ".md", ".js", ".json", ".yaml", ".txt", ".log", ".pid", ".lua",
        ".sh", ".py", ".com", ".local", ".svc", ".conf", ".rdb", ".yml", ".sock",
    ];
    if logs || ends.iter().any(|end| value.ends_with(end)) {
        return None;
    }
    let package = crate::catalogue::imported(Language::Python.ecosystem(), value);
    let is_class = text
        .value
        .rsplit(['.', ':'])
        .next()
        .is_some_and(|name| name.starts_with(char::is_uppercase));
    let is_known = package.is_some_and(|package| package.role != Role::Optional);
    if !(is_class || is_known || known::takes_values(&binding.target)) {
        return None;
    }
    let sighting = Sighting::new(Kind::Setting, store, text.span.clone(), value);
    let mut sighting = told(
        sighting,
        known::purpose_of(value)
            .or_else(|| known::purpose_of(&binding.target))
            .map(|(purpose, word)| (purpose, format!("its name says `{word}`"))),
    );
    sighting.package = package;
    Some(sighting)
}

/// `CELERY_BROKER_URL = …`: a setting of a framework whose value is an address or a variable of a store.
fn framework_settings(reading: &mut Reading<'_>) {
    let mut found = Vec::new();
    for binding in &reading.source.bindings {
        let target = last(&binding.target);
        let is_setting = target.chars().any(char::is_uppercase) && target.contains('_');
        let Some(purpose) = known::setting(target).filter(|_| is_setting && !binding.is_pair)
        else {
            continue;
        };
        let within = |sighting: &&Sighting| {
            binding.value_span.contains(&sighting.span.start)
                && matches!(sighting.kind, Kind::ConnectionString | Kind::VariableRead)
        };
        let named = if binding.value.contains(['"', '\'']) {
            interpolated(&binding.value)
                .find_map(prose::mention)
                .or_else(|| prose::mention(&between_texts(&binding.value)))
        } else {
            prose::mention(&binding.value)
        };
        let own = known::own_setting(target).map(|(store, _)| store);
        let store = own.or(reading.sightings.iter().find(within).map(|told| told.store));
        let Some(store) = store.or(named.map(|(store, _)| store)) else { continue };
        let sighting =
            Sighting::new(Kind::Setting, store, binding.span.start..binding.span.end, target);
        found.push(sighting.purpose(purpose, format!("`{target}` is such a setting")));
    }
    reading.sightings.extend(found);
}

/// What stands in no quotes: the names of `{"host": REDIS_HOST}`.
fn between_texts(value: &str) -> String {
    let mut quote = None;
    let is_code = |c: &char| {
        if let Some(open) = quote {
            quote = (*c != open).then_some(open);
            return false;
        }
        quote = matches!(c, '"' | '\'').then_some(*c);
        quote.is_none()
    };
    value.chars().filter(is_code).collect()
}

/// The names that are put into a text: `{REDIS_URL}`, `#{redis_url}`, `${redisUrl}`.
fn interpolated(value: &str) -> impl Iterator<Item = &str> {
    let is_name = |name: &&str| name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.'));
    let is_text = !value.trim_start().starts_with(['{', '[', '(']);
    let parts = value.split('{').skip(1).filter(move |_| is_text);
    parts.filter_map(|part| part.split('}').next()).filter(is_name)
}

/// What may use another store is told to use this one: `Celery(broker="redis://…")`.
fn optional(reading: &mut Reading<'_>) {
    let (mut found, mut within) = (Vec::new(), Vec::new());
    for call in &reading.source.calls {
        let resolved = reading.names.resolve(&call.callee, call.is_rooted);
        let Some((package, full)) = resolved.filter(|(package, _)| package.role == Role::Optional)
        else {
            continue;
        };
        let method = last(&call.callee);
        let makes =
            call.is_new || method.starts_with(char::is_uppercase) || known::is_factory(method);
        let before = reading.file.text.get(..call.span.start).unwrap_or_default();
        // `cache=Cache.REDIS` is a name of the package that says it.
        let says = call.arguments.iter().any(|argument| {
            let is_path =
                argument.value.chars().all(|c| c.is_alphanumeric() || c == '.' || c == '_');
            let path = reading.names.resolve(&argument.value, false).filter(|_| is_path);
            path.is_some_and(|(of, full)| of.name == package.name && name::counts(of, &full))
        });
        let makes = makes || says;
        if name::counts(package, &full) || !makes || before.ends_with("raise ") {
            continue;
        }
        let told = reading.sightings.iter().any(|sighting| {
            call.span.contains(&sighting.span.start)
                && sighting.store == package.store
                && matches!(
                    sighting.kind,
                    Kind::ConnectionString | Kind::VariableRead | Kind::Client | Kind::Setting
                )
        });
        let names = call.arguments.iter().any(|argument| {
            let is_text = argument.value.contains(['"', '\'']);
            let mention = prose::mention(&argument.value).filter(|_| !is_text);
            mention.is_some_and(|(store, _)| store == package.store)
        });
        // What a store of the same package is given to was taken in for it: `new LockFactory(new RedisStore(…))`.
        let is_held = reading.sightings.iter().any(|sighting| {
            let is_inside = call.span.contains(&sighting.span.start) && sighting.span != call.span;
            let is_of = sighting.package.is_some_and(|of| of.name == package.name);
            is_inside && is_of && sighting.kind == Kind::Client
        });
        let first = call.callee.split('.').next().unwrap_or_default();
        let taken = reading.source.imports.iter().find(|import| import.alias == first);
        if let Some(import) = taken.filter(|_| is_held) {
            let sighting = Sighting::of(Kind::Import, package, import.span.clone(), &package.name);
            found.push(sighting);
        }
        if told || names || says {
            within.push((call.span.clone(), package));
            let sighting = Sighting::of(Kind::Setting, package, call.span.clone(), &package.name);
            found.push(
                sighting.purpose(package.purpose, format!("{} is told to use it", package.name)),
            );
        }
    }
    for (span, package) in within {
        let of_call =
            reading.sightings.iter_mut().filter(|sighting| span.contains(&sighting.span.start));
        for sighting in of_call.filter(|sighting| sighting.purpose.is_none()) {
            let why = format!("it is given to {}", package.name);
            sighting.purpose = Some((package.purpose, why));
        }
    }
    reading.sightings.extend(found);
}

/// `redis_url: str` of a class that takes its fields from the environment.
fn fields(reading: &mut Reading<'_>) {
    let takes = reading.names_language() == Language::Python
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
        if let Some(store) = variable::store_of(&binding.target)
            .filter(|_| is_name && is_plain && is_inside && is_field)
        {
            found.push(variable(reading, &binding.target, store, binding.span.clone()));
        }
    }
    reading.sightings.extend(found);
}

impl Reading<'_> {
    fn names_language(&self) -> Language {
        self.names.language()
    }
}
