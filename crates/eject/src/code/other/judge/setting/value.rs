//! Texts that name the store where it may be another: values of settings, classes, parts of an application.

use std::sync::LazyLock;

use regex::Regex;

use super::{
    super::{self as judge, Binding, Reading, binding_around, call_around},
    around::named_around,
    told,
};
use crate::{
    catalogue::{self, Package, Role},
    code::other::{
        known,
        language::Language,
        source::{Call, Text, clip, last, unquoted},
    },
    finding::{Kind, Purpose, Sighting, Store},
    prose,
};

/// A class or a module that is named in a text: `django_redis.cache.RedisCache`.
static CLASS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^[A-Za-z_]\w*(?:[.\\:]+[A-Za-z_]\w*)+$").expect("it is valid"));

/// `cache_store = :redis_cache_store`, `'driver' => 'redis'`, `CACHE_TYPE = "RedisCache"`.
pub(super) fn value(reading: &Reading<'_>, text: &Text) -> Option<Sighting> {
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
        // What is registered is given a name.
        let is_name = last(&call.callee).to_lowercase().starts_with("register");
        read.is_none() && !is_name && first.trim_matches([':', '"', '\'']) == text.value
    });
    let keys = [
        given.map(|binding| last(&binding.target)),
        called.map(|call| last(&call.callee)),
        named.map(|named| named.value.as_str()),
    ];
    // `$settings['cache']['bins']['render']` is a bin of the cache.
    let whole = given.map(|binding| &*binding.target).filter(|_| text.value.contains('.'));
    let mut keys = keys.into_iter().chain([whole]).flatten();
    let key = keys.find(|key| known::takes_values(key))?;
    let made = call.filter(|call| last(&call.callee) == "store");
    if let Some(sent) = made.and_then(|made| sent_at_once(reading, made)) {
        let method = last(&sent.callee);
        let purpose = judge::told(method).or_else(|| reading.purpose_around(at));
        return Some(told(Sighting::new(Kind::Command, store, text.span.clone(), method), purpose));
    }
    let kind = if made.is_some() && binding.is_none() { Kind::Client } else { Kind::Setting };
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

/// What is called on what a call gives: the `lock` of `Cache::store('redis')->lock('x')`.
fn sent_at_once<'a>(reading: &'a Reading<'_>, made: &Call) -> Option<&'a Call> {
    let is_php = reading.names.language() == Language::Php;
    let calls = reading.source.calls.iter();
    let mut around = calls.filter(|call| {
        let receiver = call.callee.rsplit_once('.').map(|(receiver, _)| receiver);
        let is_on_it = receiver.and_then(|of| of.strip_suffix("()")) == Some(&*made.callee);
        is_php && is_on_it && call.span.start == made.span.start
    });
    around.next()
}

/// `'redis' => […]` of a file of settings in PHP.
pub(super) fn section(reading: &Reading<'_>, text: &Text) -> Option<Sighting> {
    let is_setting =
        reading.names.language() == Language::Php && reading.file.path.contains("config/");
    // Horizon's `'redis:default' => 60` is about a queue of a connection.
    let (connection, queue) = text.value.split_once(':').unwrap_or((&text.value, ""));
    let (store, purpose) = known::value(connection).filter(|_| is_setting)?;
    let of_key = |binding: &&Binding| {
        let is_key = binding.is_pair && binding.span.start == text.span.start;
        let is_number =
            !binding.value.is_empty() && binding.value.bytes().all(|b| b.is_ascii_digit());
        is_key && if queue.is_empty() { binding.value.starts_with('[') } else { is_number }
    };
    reading.source.bindings.iter().find(of_key)?;
    let sighting = Sighting::new(Kind::Setting, store, text.span.clone(), &text.value);
    let purpose = purpose.map(|purpose| (purpose, format!("{} is such a thing", text.value)));
    Some(told(sighting, purpose.or_else(|| reading.purpose_around(text.span.start))))
}

/// A command of a framework that works off a queue in the store: `Schedule::command('horizon:snapshot')` of Laravel.
pub(super) fn command(reading: &Reading<'_>, text: &Text) -> Option<Sighting> {
    const RUN: &[&str] = &[
        "command",
        "call",
        "callSilent",
        "callSilently",
        "queue",
        "exec",
        "task",
        "after",
        "before",
        "run",
    ];
    let is_php = reading.names.language() == Language::Php && text.value.contains(':');
    let call = call_around(reading.source, text.span.start).filter(|_| is_php)?;
    let (program, store) = crate::setting::worker(&text.value)?;
    let is_run = RUN.contains(&last(&call.callee));
    let sighting = Sighting::new(Kind::Setting, store, text.span.clone(), clip(program, 80));
    is_run.then(|| sighting.purpose(Purpose::Queue, format!("`{program}` works off a queue")))
}

/// What Laravel's container is asked for by its name: `app('redis')`, `$this->app->make('redis')`, `$app['redis']`.
pub(super) fn held(reading: &Reading<'_>, text: &Text) -> Option<Sighting> {
    let is_name = matches!(&*text.value, "redis" | "redis.connection");
    if reading.names.language() != Language::Php || !is_name {
        return None;
    }
    let at = text.span.start;
    let by_call = call_around(reading.source, at).is_some_and(|call| {
        let (holder, method) = call.callee.rsplit_once('.').unwrap_or(("", &call.callee));
        let makes =
            method == "make" && matches!(last(holder).trim_end_matches("()"), "app" | "container");
        let first = call.arguments.first().map_or("", |argument| unquoted(&argument.value));
        first == text.value && (makes || holder.is_empty() && matches!(method, "app" | "resolve"))
    });
    let by_key = reading.source.subscripts.iter().any(|(path, span)| {
        last(path) == "app" && span.contains(&at) && span.end == text.span.end + 1
    });
    let package = reading.names.usual_client().filter(|_| by_call || by_key)?;
    let sighting = Sighting::new(Kind::Client, package.store, text.span.clone(), &text.value);
    Some(told(sighting, reading.purpose_around(at)))
}

/// A part of a framework's application that a package is: in `INSTALLED_APPS`, and by `include("django_rq.urls")`.
pub(super) fn part(reading: &Reading<'_>, text: &Text) -> Option<Sighting> {
    if reading.names.language() != Language::Python {
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
    let Some(package) = catalogue::imported(Language::Python.ecosystem(), &text.value) else {
        // `health_check.contrib.redis`
        let (store, _) = prose::mention(&text.value).filter(|_| is_listed)?;
        return Some(Sighting::new(Kind::Setting, store, text.span.clone(), &text.value));
    };
    let is_on = matches!(package.role, Role::Client | Role::Library);
    is_on.then(|| Sighting::of(Kind::Setting, package, text.span.clone(), &text.value))
}

/// A class or a module of a package that is named in a text.
pub(super) fn class(reading: &Reading<'_>, text: &Text) -> Option<Sighting> {
    if reading.names.language() != Language::Python || !CLASS.is_match(&text.value) {
        return None;
    }
    let value = text.value.split(':').next().unwrap_or_default();
    if !CLASS.is_match(value) || value.len() > 120 {
        return None;
    }
    let package = catalogue::imported(Language::Python.ecosystem(), value);
    let binding = binding_around(reading.source, text.span.start)?;
    let named = prose::mention(value).map(|(store, _)| store);
    let store = named.or_else(|| of_package(package, binding))?;
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

/// The store of a package that a setting names: `CELERY_BEAT_SCHEDULER = "redbeat.RedBeatScheduler"`.
fn of_package(package: Option<&Package>, binding: &Binding) -> Option<Store> {
    let is_setting = binding.is_pair || !binding.target.contains(char::is_lowercase);
    let package = package.filter(|package| package.role == Role::Library && is_setting)?;
    Some(package.store)
}

/// `'backend' => 'Magento\\Framework\\Cache\\Backend\\Redis'`, `'class' => 'yii\\redis\\Cache'`.
pub(super) fn class_of_php(reading: &Reading<'_>, text: &Text) -> Option<Sighting> {
    if reading.names.language() != Language::Php
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
    let purpose = judge::told(&text.value).or_else(|| judge::told(key));
    Some(told(sighting, purpose.or_else(|| reading.purpose_around(text.span.start))))
}
