//! What frameworks and packages are told by what is no text alone: settings, arguments, annotations, methods.

use super::{
    super::{self as judge, Binding, Condition, Reading, name},
    told,
};
use crate::{
    catalogue::{self, Package, Role},
    code::other::{
        known,
        language::Language,
        source::{Argument, Call, Definition, last},
    },
    finding::{Kind, Purpose, Sighting, Store},
    prose,
};

/// `CELERY_BROKER_URL = …`: a setting of a framework whose value is an address or a variable of a store.
pub(super) fn framework_settings(reading: &mut Reading<'_>) {
    let (mut found, mut unknown) = (Vec::new(), Vec::new());
    for binding in &reading.source.bindings {
        let target = last(&binding.target);
        let is_upper = target.chars().any(char::is_uppercase);
        let is_python = reading.names.language() == Language::Python;
        let is_named = target.contains('_') || known::own_setting(target).is_some() && is_upper;
        let is_setting = is_named && (is_upper && !binding.is_pair || is_python);
        let Some(purpose) = known::setting(target).filter(|_| is_setting) else { continue };
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
        let Some(store) = store.or(named.map(|(store, _)| store)) else {
            unknown.extend(of_celery(reading, binding, target));
            continue;
        };
        let sighting =
            Sighting::new(Kind::Setting, store, binding.span.start..binding.span.end, target);
        found.push(sighting.purpose(purpose, format!("`{target}` is such a setting")));
    }
    reading.sightings.extend(found);
    reading.conditional.extend(unknown);
}

/// `broker_url=settings.broker`: where that is, others say.
fn of_celery(
    reading: &Reading<'_>,
    binding: &Binding,
    target: &str,
) -> Option<(Condition, Sighting)> {
    let name = target.to_lowercase();
    let is_it = ["broker_url", "result_backend"].iter().any(|end| name.ends_with(end));
    let is_path = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.');
    let is_given = binding.value.contains('.') && binding.value.chars().all(is_path);
    if !is_it || !is_given || reading.names.language() != Language::Python {
        return None;
    }
    let package = catalogue::imported(Language::Python.ecosystem(), "celery")?;
    let sighting = Sighting::of(Kind::Setting, package, binding.span.clone(), target);
    Some((Condition::IsTold(package), sighting))
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
pub(super) fn optional(reading: &mut Reading<'_>) {
    let (mut found, mut within, mut unknown) = (Vec::new(), Vec::new(), Vec::new());
    for call in &reading.source.calls {
        let Some((package, says)) = made(reading, call) else { continue };
        found.extend(held(reading, call, package));
        if says || is_told(reading, call, package) {
            within.push((call.span.clone(), package));
            let sighting = Sighting::of(Kind::Setting, package, call.span.clone(), &package.name);
            let why = format!("{} is told to use it", package.name);
            found.push(sighting.purpose(package.purpose, why));
        } else if is_said_elsewhere(reading, call, package) {
            let sighting = Sighting::of(Kind::Setting, package, call.span.clone(), &package.name);
            unknown.push((Condition::IsTold(package), sighting));
        }
    }
    reading.conditional.extend(unknown);
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

/// Whether a limiter of Python is told where its counts are by what another file says: `Limiter(storage_uri=settings().limits)`.
fn is_said_elsewhere(reading: &Reading<'_>, call: &Call, package: &Package) -> bool {
    let is_path = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '(' | ')');
    let is_said = |argument: &Argument| {
        let purpose = argument.key.as_deref().and_then(known::setting);
        let value = &argument.value;
        purpose == Some(Purpose::Limits) && value.contains('.') && value.chars().all(is_path)
    };
    reading.names.language() == Language::Python
        && package.purpose == Purpose::Limits
        && call.arguments.iter().any(is_said)
}

/// The package of which a call makes something that may use another store, and whether a name of the package in it says
/// that it uses this one: `cache=Cache.REDIS`.
fn made(reading: &Reading<'_>, call: &Call) -> Option<(&'static Package, bool)> {
    let (package, full) = reading.names.resolve(&call.callee, call.is_rooted)?;
    let method = last(&call.callee);
    let makes = call.is_new || method.starts_with(char::is_uppercase) || known::is_factory(method);
    let says = call.arguments.iter().any(|argument| {
        let is_path = argument.value.chars().all(|c| c.is_alphanumeric() || c == '.' || c == '_');
        let path = reading.names.resolve(&argument.value, false).filter(|_| is_path);
        path.is_some_and(|(of, full)| of.name == package.name && name::counts(of, &full))
    });
    let before = reading.file.text.get(..call.span.start).unwrap_or_default();
    let is_optional = package.role == Role::Optional && !name::counts(package, &full);
    (is_optional && (makes || says) && !before.ends_with("raise ")).then_some((package, says))
}

/// Whether something that stands in a call is of the store.
fn is_told(reading: &Reading<'_>, call: &Call, package: &Package) -> bool {
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
    told || names
}

/// What a store of the same package is given to was taken in for it: `new LockFactory(new RedisStore(…))`.
fn held(reading: &Reading<'_>, call: &Call, package: &'static Package) -> Option<Sighting> {
    reading.sightings.iter().find(|sighting| {
        let is_inside = call.span.contains(&sighting.span.start) && sighting.span != call.span;
        let is_of = sighting.package.is_some_and(|of| of.name == package.name);
        is_inside && is_of && sighting.kind == Kind::Client
    })?;
    let first = call.callee.split('.').next().unwrap_or_default();
    let import = reading.source.imports.iter().find(|import| import.alias == first)?;
    Some(Sighting::of(Kind::Import, package, import.span.clone(), &package.name))
}

/// `@EnableRedisHttpSession`, `@RedisHash("carts")`.
pub(super) fn enabled(reading: &mut Reading<'_>) {
    let mut found = Vec::new();
    for (mark, span) in &reading.source.marks {
        let name = mark.trim_start_matches('@').split(['(', ' ']).next().unwrap_or_default();
        // `@RedisHash` says what is kept there, and `@TimeToLive` only how.
        let is_told = matches!(reading.names.language(), Language::Java | Language::Kotlin)
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

/// `$middleware->throttleApi(redis: true)`, `$middleware->throttleWithRedis()`: Laravel is told where it counts requests.
pub(super) fn throttled(reading: &mut Reading<'_>) {
    if reading.names.language() != Language::Php {
        return;
    }
    let is_told = |call: &&Call| match last(&call.callee) {
        "throttleWithRedis" => true,
        "throttleApi" => call.arguments.iter().enumerate().any(|(at, argument)| {
            let is_redis = argument.key.as_deref().map_or(at == 1, |key| key == "redis");
            is_redis && argument.value == "true"
        }),
        _ => false,
    };
    let calls = reading.source.calls.iter().filter(is_told);
    let told = calls.map(|call| {
        let (span, method) = (call.at..call.span.end, last(&call.callee));
        let sighting = Sighting::new(Kind::Setting, Store::Redis, span, method);
        sighting.purpose(Purpose::Limits, format!("`{method}` counts requests"))
    });
    let told: Vec<_> = told.collect();
    reading.sightings.extend(told);
}

/// `config.useSingleServer()`: a method that nothing else has, in a file that takes a client in.
pub(super) fn telling(reading: &mut Reading<'_>) {
    let client = reading.source.imports.iter().find_map(|import| reading.names.imported(import));
    let Some(package) = client.filter(|package| package.store == Store::Redis) else { return };
    let is_method = |name: &str| name.starts_with(char::is_lowercase) && known::tells(name);
    let calls = reading.source.calls.iter().filter(|call| is_method(last(&call.callee)));
    let said = calls.map(|call| {
        let method = last(&call.callee);
        let sighting = Sighting::of(Kind::Setting, package, call.at..call.span.end, method);
        told(sighting, judge::told(method))
    });
    let said: Vec<_> = said.collect();
    reading.sightings.extend(said);
}

/// `redis_settings = arq_settings()` of a class that has jobs: what arq's worker is told by it, whatever the class is called.
pub(super) fn worker(reading: &mut Reading<'_>) {
    let source = reading.source;
    let package = catalogue::imported(Language::Python.ecosystem(), "arq");
    let Some(package) = package.filter(|_| reading.names.language() == Language::Python) else {
        return;
    };
    let is_in = |class: &&Definition, binding: &Binding| class.span.contains(&binding.span.start);
    let has_jobs = |class: &&Definition| {
        let mut within = source.bindings.iter().filter(|of| is_in(class, of) && !of.is_pair);
        class.is_class() && within.any(|of| matches!(&*of.target, "functions" | "cron_jobs"))
    };
    let classes: Vec<_> = source.definitions.iter().filter(has_jobs).collect();
    let told = source.bindings.iter().filter(|of| {
        let is_made = reading.sightings.iter().any(|told| of.value_span.contains(&told.span.start));
        let is_it = of.target == "redis_settings" && !of.is_pair && !is_made;
        is_it && classes.iter().any(|class| is_in(class, of))
    });
    let told = told.map(|of| Sighting::of(Kind::Setting, package, of.span.clone(), &of.target));
    let told: Vec<_> = told.collect();
    reading.sightings.extend(told);
}
