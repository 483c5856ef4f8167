//! What PHP says by keys, by paths and by command lines: settings of Drupal, loaders of classes, tasks that run programs.

use std::{collections::HashMap, ops::Range};

use super::{
    super::{Reading, binding_around, call_around},
    told,
};
use crate::{
    catalogue,
    code::other::{
        known,
        language::Language,
        source::{Text, clip, last, unquoted},
    },
    finding::{Kind, Sighting},
    prose,
    setting::variable,
};

/// What runs a command line: of PHP itself, of Ruby, and of what deploys by tasks.
const RUNS: &[&str] =
    &["run", "runLocally", "exec", "shell_exec", "passthru", "system", "execute", "sh"];

fn is_php(reading: &Reading<'_>) -> bool {
    reading.names.language() == Language::Php
}

/// What is set by a key, and not read: `$settings['redis.connection']['host'] = …`, `$_ENV['REDIS_HOST'] = …`.
pub(super) fn key(
    reading: &Reading<'_>,
    text: &Text,
    readers: &HashMap<usize, Range<usize>>,
) -> Option<Sighting> {
    let at = text.span.start;
    let binding = binding_around(reading.source, at).filter(|binding| {
        let is_key = !binding.is_pair && binding.value_span.start > at;
        is_php(reading) && is_key && readers.contains_key(&at)
    })?;
    let before = reading.file.text.get(binding.span.start..at)?;
    let holder = before.strip_prefix('$')?.strip_suffix('[').filter(|of| !of.contains('['))?;
    let store = variable::store_of(&text.value)?;
    let is_variable = matches!(holder, "_ENV" | "_SERVER");
    let kind = if is_variable { Kind::VariableSet } else { Kind::Setting };
    let purpose = known::setting(&text.value)
        .map(|purpose| (purpose, format!("`{}` is such a setting", clip(&text.value, 60))));
    let purpose = purpose.or_else(|| reading.purpose_around(at));
    Some(told(Sighting::new(kind, store, text.span.clone(), clip(&text.value, 80)), purpose))
}

/// Whether the key of a pair names a variable that is set: `set('env', ['REDIS_HOST' => …])` of Deployer.
pub(super) fn sets_environment(reading: &Reading<'_>, at: usize) -> bool {
    let call = call_around(reading.source, at).filter(|_| is_php(reading));
    let first = call.and_then(|call| call.arguments.first());
    first.is_some_and(|of| matches!(unquoted(&of.value), "env" | "environment"))
}

/// A module that is loaded by its path or its namespace:
/// `$settings['container_yamls'][] = 'modules/contrib/redis/example.services.yml'`, `$loader->addPsr4('Drupal\\redis\\', …)`.
pub(super) fn loaded(reading: &Reading<'_>, text: &Text) -> Option<Sighting> {
    let at = text.span.start;
    if !is_php(reading) {
        return None;
    }
    let call = call_around(reading.source, at);
    if call.is_some_and(|call| matches!(last(&call.callee), "addPsr4" | "setPsr4")) {
        let namespace = text.value.replace("\\\\", "\\");
        let ecosystem = Language::Php.ecosystem();
        let package = catalogue::imported(ecosystem, namespace.trim_end_matches('\\'))?;
        return Some(Sighting::of(Kind::Import, package, text.span.clone(), &package.name));
    }
    let binding = binding_around(reading.source, at)?;
    let is_given = binding.target.starts_with("container_yamls") && binding.value_span.start == at;
    let (store, _) = prose::mention(&text.value).filter(|_| is_given)?;
    Some(Sighting::new(Kind::Setting, store, text.span.clone(), clip(&text.value, 80)))
}

/// A program of a store that is run: `run('redis-cli -n 3 FLUSHDB')` of Deployer, `system("redis-cli ping")`.
pub(super) fn run(reading: &Reading<'_>, text: &Text) -> Option<Sighting> {
    let is_script = matches!(reading.names.language(), Language::Php | Language::Ruby);
    let call = call_around(reading.source, text.span.start).filter(|_| is_script)?;
    let first = call.arguments.first().map_or("", |argument| unquoted(&argument.value));
    if !RUNS.contains(&last(&call.callee)) || !text.value.starts_with(first) || first.is_empty() {
        return None;
    }
    let (program, store) = crate::setting::program(&text.value)?;
    Some(Sighting::new(Kind::Command, store, text.span.clone(), program))
}
