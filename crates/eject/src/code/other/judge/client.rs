//! What is made of a package, and which commands are sent by it.

use std::{
    collections::{HashMap, HashSet},
    ops::Range,
};

use super::{Condition, Pending, Reading, asked, name, of_package, own::Own, probe, ruby};
use crate::{
    catalogue::{Package, Role},
    code::other::{
        import::{self, Import},
        known,
        language::Language,
        source::{Call, clip, dotted, last, unowned, unquoted},
    },
    finding::{Kind, Purpose, Sighting, Store},
    prose,
};

/// The names of a file that stand for clients.
#[derive(Default)]
pub(super) struct Known {
    names: HashMap<String, &'static Package>,
    own: Own,
}

impl Known {
    pub(super) fn has(&self, name: &str) -> bool {
        self.names.contains_key(name)
    }

    /// Whether all methods of what is called so are a client's.
    fn is_direct(&self, receiver: &str) -> bool {
        self.has(receiver) && !self.own.is_weak(receiver) || self.own.is_field(receiver)
    }

    /// The package of the client by which a method is called.
    pub(super) fn package(&self, receiver: &str) -> Option<&'static Package> {
        let mut rest = unowned(receiver);
        loop {
            if let Some(package) = self.names.get(rest) {
                return Some(package);
            }
            let end = last(rest);
            // What a function of the file gives, by its type.
            if let Some(package) = self.names.get(end).filter(|_| end.ends_with("()")) {
                return Some(package);
            }
            let Some((before, end)) = rest.rsplit_once('.') else {
                return self.names.get(rest.trim_end_matches("()")).copied();
            };
            let method = end.trim_end_matches("()").trim_end_matches("[]");
            let goes_on =
                known::derives(method) || known::opens(method) || known::command(method).is_some();
            if end.contains('(') && goes_on || matches!(end, "await" | "Value" | "value") {
                rest = before;
                continue;
            }
            // `s.rdb`, `app.state.redis`: the object's field.
            let is_field = before.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '.');
            return self.names.get(method).filter(|_| is_field).copied();
        }
    }
}

/// Takes what a file makes and sends. Answers which of its names are clients.
pub(super) fn read(reading: &mut Reading<'_>) -> Known {
    let mut made = Vec::new();
    let parts = parts(reading);
    for call in &reading.source.calls {
        take(reading, call, &mut made);
        of_part(reading, call, &parts, &mut made);
    }
    let known = known(reading, &made);
    let found: Vec<_> = reading
        .source
        .calls
        .iter()
        .filter(|call| !made.iter().any(|(span, _)| *span == call.span))
        .filter_map(|call| {
            let (receiver, method) = call.callee.rsplit_once('.')?;
            // What has the name of a client has no methods but a client's; nor has what is asked for by its type.
            let asked = asked::package(reading, call);
            let is_direct = asked.is_some() || known.is_direct(unowned(receiver));
            let usual = known::command(method).or_else(|| is_method(method, is_direct))?;
            let package = asked.or_else(|| known.package(receiver))?;
            if known.own.has_method(unowned(receiver), method) {
                return None;
            }
            // What a builder makes is a client.
            if is_build(method) {
                let sighting = of_package(Kind::Client, package, call.at..call.span.end);
                let sighting = Sighting { name: clip(method, 60).to_owned(), ..sighting };
                return Some(with_purpose(reading, sighting, package, call, None));
            }
            let (sent, usual) = sent(call, method, usual);
            Some(command(reading, call, sent, usual, package))
        })
        .collect();
    reading.sightings.extend(found);
    given(reading, &known, &made);
    known
}

/// `redisotel.InstrumentTracing(rdb)`: a function of a package is given a client.
fn given(reading: &mut Reading<'_>, known: &Known, made: &Made) {
    if reading.names.language() != Language::Go {
        return;
    }
    let mut found = Vec::new();
    for call in &reading.source.calls {
        let Some((package, full)) = reading.names.resolve(&call.callee, call.is_rooted) else {
            continue;
        };
        let method = last(&call.callee);
        // An option is given to what is made.
        let is_option = method.starts_with("With") || known::is_part(method);
        let is_given = call.arguments.iter().any(|argument| {
            let is_path = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.');
            argument.value.chars().all(is_path) && known.package(&argument.value).is_some()
        });
        let is_made = made.iter().any(|(span, _)| *span == call.span);
        if is_given && !is_option && !is_made && name::counts(package, &full) {
            // `redis.NewScript(…).Run(ctx, rdb, …)` is sent, and not made.
            let kind = if call.callee.contains("()") { Kind::Command } else { Kind::Client };
            let sighting = of_package(kind, package, call.at..call.span.end);
            let sighting = Sighting { name: clip(&full, 80).to_owned(), ..sighting };
            found.push(with_purpose(reading, sighting, package, call, None));
        }
    }
    reading.sightings.extend(found);
}

type Made = Vec<(Range<usize>, &'static Package)>;

/// The names of what a package has for the making of a client, and of scripts: `let config = Config::from_url(…)`.
fn parts(reading: &Reading<'_>) -> HashMap<String, &'static Package> {
    if !matches!(reading.names.language(), Language::Rust | Language::Python) {
        return HashMap::new();
    }
    let bindings = reading.source.bindings.iter();
    let named = bindings.filter_map(|binding| {
        let path = dotted(&binding.value);
        let path = path.split("()").next().filter(|path| !path.is_empty())?;
        let is_rooted = binding.value.contains("::");
        let of_value = reading.names.resolve(path, is_rooted);
        let of_value = of_value.filter(|_| known::is_part(told_of(path, last(path))));
        // `static TAKE: LazyLock<Script> = …`
        let is_script = binding.of_type.split(['<', '>', ':', '&', ' ']).any(|of| of == "Script");
        let of_type = reading.names.resolve("Script", false).filter(|_| is_script);
        let (package, _) = of_value.or(of_type)?;
        Some((binding.target.clone(), package))
    });
    named.collect()
}

/// What is made by what is there for it, `config.create_pool(…)`, and what a script sends.
fn of_part(
    reading: &mut Reading<'_>,
    call: &Call,
    parts: &HashMap<String, &'static Package>,
    made: &mut Made,
) {
    let Some((receiver, method)) = call.callee.rsplit_once('.') else { return };
    let first = receiver.split('.').next().unwrap_or(receiver);
    let Some(package) = parts.get(first).copied() else { return };
    let plain = known::plain(method);
    if plain == "invoke" {
        let sighting = command(reading, call, method, Purpose::Other, package);
        reading.sightings.push(sighting);
    } else if receiver == first && (plain.starts_with("create") || plain == "connect") {
        let sighting = of_package(Kind::Client, package, call.span.clone());
        let sighting = Sighting { name: clip(method, 60).to_owned(), ..sighting };
        let sighting = with_purpose(reading, sighting, package, call, None);
        reading.sightings.push(sighting);
        made.push((call.span.clone(), package));
    }
}

/// A call of a package's own name: something is made, or sent at once.
fn take(reading: &mut Reading<'_>, call: &Call, made: &mut Made) {
    if is_import(&call.callee) {
        return loads(reading, call);
    }
    if known::is_probe(&call.callee) {
        return probe::take(reading, call);
    }
    if matches!(&*call.callee, "new" | "new()") {
        return implied(reading, call, made);
    }
    let Some((package, full)) = reading.names.resolve(&call.callee, call.is_rooted) else {
        return extends(reading, call);
    };
    let language = reading.names.language();
    let method = last(&call.callee).trim_end_matches("()");
    if !name::counts(package, &full) {
        return told(reading, call, package, &full);
    }
    // A script is sent by what is called at the end of its chain.
    if known::plain(method) == "invoke" && call.callee.contains("Script.") {
        reading.uses.push((call.at, Some(package), package.store));
        let sighting = command(reading, call, method, Purpose::Other, package);
        reading.sightings.push(sighting);
        return made.push((call.span.clone(), package));
    }
    if known::tells(told_of(&call.callee, method)) {
        let sighting = of_package(Kind::Setting, package, call.span.clone());
        let sighting = with_purpose(reading, sighting, package, call, None);
        return reading.sightings.push(sighting);
    }
    let made_of = told_of(&call.callee, method);
    let is_script = language == Language::Rust && made_of == "Script" && method == "new";
    if known::is_part(made_of) || is_script && !is_last(reading, call) {
        return;
    }
    reading.uses.push((call.at, Some(package), package.store));
    let span = call.span.clone();
    // In Go any function that others see begins with a capital.
    let is_type = match language {
        Language::Go => false,
        // `Lock(connection, "name")` is no command there.
        Language::Python => method.starts_with(char::is_uppercase),
        _ => is_type(method),
    };
    let is_facade = matches!(language, Language::Ruby | Language::Php) && is_facade(&call.callee);
    if call.is_new || is_type || known::is_factory(method) {
        let sighting = of_package(Kind::Client, package, span.clone());
        let sighting = Sighting { name: clip(&full, 80).to_owned(), ..sighting };
        let sighting = with_purpose(reading, sighting, package, call, None);
        reading.sightings.push(sighting);
    } else if let Some(usual) = known::command(method).filter(|_| is_facade) {
        let sighting = command(reading, call, method, usual, package);
        reading.sightings.push(sighting);
    } else if language == Language::Ruby && ruby::is_asked(package, call) {
        let sighting = command(reading, call, method, Purpose::Other, package);
        reading.sightings.push(sighting);
    } else if is_function(reading, &call.callee, package) {
        let usual = known::command(method).unwrap_or(Purpose::Other);
        let sighting = command(reading, call, method, usual, package);
        reading.sightings.push(sighting);
    } else if matches!(method, "cmd" | "pipe") {
        let sent = call.arguments.first().map_or(method, |argument| unquoted(&argument.value));
        let usual = known::command(sent).unwrap_or(Purpose::Other);
        let sighting = command(reading, call, sent, usual, package);
        reading.sightings.push(sighting);
    } else if is_facade && known::derives(method)
        || package.role == Role::Library && matches!(language, Language::Python)
    {
        // A method of a class of the package is called, or a function of it.
        let receiver = call.callee.rsplit('.').nth(1).unwrap_or_default();
        let is_sent = language == Language::Python && receiver.starts_with(char::is_uppercase);
        let kind = if is_sent { Kind::Command } else { Kind::Client };
        let sighting = of_package(kind, package, span.clone());
        let sighting = with_purpose(reading, sighting, package, call, None);
        reading.sightings.push(sighting);
    } else {
        return;
    }
    made.push((span, package));
}

/// A call of what may be on another store: something is made or sent where the service is told to use this one.
fn told(reading: &mut Reading<'_>, call: &Call, package: &'static Package, full: &str) {
    // What is told at once to be elsewhere is told nothing by others.
    let is_elsewhere = call.arguments.iter().any(|argument| {
        let value = unquoted(&argument.value);
        (value.contains("://") || value.starts_with("memory")) && prose::mention(value).is_none()
    });
    if !name::may_be_told(package) || is_elsewhere || known::is_elsewhere(full) {
        return;
    }
    let method = last(&call.callee);
    let is_python = reading.names.language() == Language::Python;
    // `chord(…)()` sends what `chord(…)` only puts together.
    let is_sent = known::enqueues(method, Some(&package.name)) || method.ends_with("()");
    let is_made = call.is_new
        || is_type(method) && !known::is_part(method)
        || known::is_factory(method)
        || known::registers(method);
    let kind = match is_sent && is_python {
        true => Kind::Command,
        false if is_made || !is_python => Kind::Client,
        false => return,
    };
    let sighting = of_package(kind, package, call.span.clone());
    reading.conditional.push((Condition::IsTold(package), sighting));
}

/// Whether nothing is called on what a call gives.
fn is_last(reading: &Reading<'_>, call: &Call) -> bool {
    let rest = reading.file.text.get(call.span.end..).unwrap_or_default();
    !rest.trim_start().starts_with('.')
}

/// `RedisClient client = new("…")`: what is made is of the type that the name has.
fn implied(reading: &mut Reading<'_>, call: &Call, made: &mut Made) {
    let bound = super::binding_around(reading.source, call.span.start)
        .filter(|binding| binding.value_span.start == call.span.start);
    let of_type = bound.and_then(|binding| reading.names.of_type(&binding.of_type));
    let Some((package, full)) = of_type else { return };
    let sighting = of_package(Kind::Client, package, call.span.clone());
    let sighting = Sighting { name: clip(&full, 80).to_owned(), ..sighting };
    let sighting = with_purpose(reading, sighting, package, call, None);
    reading.uses.push((call.at, Some(package), package.store));
    reading.sightings.push(sighting);
    made.push((call.span.clone(), package));
}

/// Whether a function of a package is called that was taken in by its name: in Kotlin `import a.shutdown`.
fn is_function(reading: &Reading<'_>, callee: &str, package: &Package) -> bool {
    let is_lower = |name: &str| name.starts_with(char::is_lowercase);
    let is_taken = |import: &Import| {
        import.alias == callee
            && import.name.as_deref().is_some_and(is_lower)
            && is_lower(last(&import.path))
    };
    reading.names.language() == Language::Kotlin
        && package.store == Store::Redis
        && is_lower(callee)
        && reading.source.imports.iter().any(is_taken)
}

/// Whether something is called on a class or a facade: `Redis::get`, `Redis::connection('x')->del`.
fn is_facade(callee: &str) -> bool {
    let Some((receiver, _)) = callee.rsplit_once('.') else { return false };
    let mut parts = receiver.split('.');
    let is_class = |part: &str| part.starts_with(char::is_uppercase);
    parts.next().is_some_and(is_class)
        && parts.all(|part| {
            is_class(part) || part.ends_with("()") && known::derives(part.trim_end_matches("()"))
        })
}

/// `services.AddStackExchangeRedisCache(…)`: a method that a package adds to a class of the framework.
fn extends(reading: &mut Reading<'_>, call: &Call) {
    let method = last(&call.callee);
    let adds =
        ["Add", "Use", "With", "Persist", "Enable"].iter().any(|verb| method.starts_with(verb));
    if reading.names.language() != Language::CSharp || !adds {
        return;
    }
    let Some((store, _)) = prose::mention(method) else { return };
    let sighting = Sighting::new(Kind::Client, store, call.at..call.span.end, method);
    let of_method = || {
        let purpose = known::extension(method)?;
        Some((purpose, format!("`{method}` is for {}", purpose.word())))
    };
    let purpose =
        super::told(method).or_else(of_method).or_else(|| reading.purpose_around(call.at));
    reading.uses.push((call.at, None, store));
    reading.sightings.push(match purpose {
        Some((purpose, why)) => sighting.purpose(purpose, why),
        None => sighting,
    });
}

/// `importlib.import_module("redis")`, `require "redis"`.
fn is_import(callee: &str) -> bool {
    ["import_module", "__import__", "import_string", "require", "require_dependency"]
        .contains(&last(callee))
}

fn loads(reading: &mut Reading<'_>, call: &Call) {
    let Some(argument) = call.arguments.first() else { return };
    let module = unquoted(&argument.value);
    let import = Import {
        path: module.to_owned(),
        name: None,
        alias: String::new(),
        span: call.span.clone(),
        is_public: false,
    };
    let is_ruby = reading.names.language() == Language::Ruby;
    let imported = reading.names.imported(&import);
    let imported = imported.or_else(|| ruby::gem(module).filter(|_| is_ruby));
    if let Some(package) = imported.filter(|of| name::counts(of, module)) {
        reading.sightings.push(of_package(Kind::Import, package, call.span.clone()));
    }
}

/// The modules that are taken in by a call, as far as their names are written there.
pub(super) fn loaded(reading: &Reading<'_>) -> Vec<Import> {
    if reading.names.language() == Language::Ruby {
        return files(reading);
    }
    let calls = reading.source.calls.iter().filter(|call| is_import(&call.callee));
    let named = calls.filter_map(|call| {
        let module = call.arguments.first().map(|argument| unquoted(&argument.value))?;
        let is_name = module.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '.');
        let alias = last(&call.callee).to_owned();
        let (path, span) = (module.to_owned(), call.span.clone());
        is_name.then_some(Import { path, name: None, alias, span, is_public: false })
    });
    named.collect()
}

/// The files that Ruby loads, but for those of gems that are known.
fn files(reading: &Reading<'_>) -> Vec<Import> {
    let named = reading.source.calls.iter().filter_map(|call| {
        let argument = call.arguments.iter().rfind(|argument| argument.key.is_none())?;
        let file = import::ruby(&call.callee, unquoted(&argument.value), call.span.clone())?;
        let is_own = file.path.starts_with("./") || reading.names.imported(&file).is_none();
        is_own.then_some(file)
    });
    named.collect()
}

/// Commands that are sent by who was given a client without a word of its type.
pub(super) fn injected(reading: &mut Reading<'_>, known: &Known) {
    let Some(package) = reading.names.usual_client() else { return };
    let calls = &reading.source.calls;
    let mut given = Known::default();
    for call in calls {
        let Some((receiver, method)) = call.callee.rsplit_once('.') else { continue };
        let is_plain = !receiver.is_empty() && !receiver.contains(['(', '{', '"', '\'']);
        if known::is_distinctive(method) && is_plain && known.package(receiver).is_none() {
            given.names.insert(unowned(receiver).to_owned(), package);
        }
    }
    if given.names.is_empty() {
        return;
    }
    let derived: Vec<_> =
        reading.source.bindings.iter().filter_map(|binding| derived(&given, binding)).collect();
    given.names.extend(derived);
    let found: Vec<_> = calls
        .iter()
        .filter_map(|call| {
            let (receiver, method) = call.callee.rsplit_once('.')?;
            let usual = known::command(method).or_else(|| is_method(method, false))?;
            given.package(receiver).filter(|_| known.package(receiver).is_none())?;
            let sighting = command(reading, call, method, usual, package);
            Some((Condition::HasClient(package.store), sighting))
        })
        .collect();
    reading.conditional.extend(found);
}

/// Whether a name is that of a type, and calling it makes one.
fn is_type(method: &str) -> bool {
    method.starts_with(char::is_uppercase)
        && method.chars().any(char::is_lowercase)
        && known::command(method).is_none()
}

/// What is made: the type in front of `new`, or the function's own name.
fn told_of<'a>(callee: &'a str, method: &'a str) -> &'a str {
    if method.starts_with(char::is_uppercase) {
        return method;
    }
    callee.rsplit('.').nth(1).unwrap_or(method)
}

/// The names that stand for what was made, for what has a client's type, and for what these give.
fn known(reading: &mut Reading<'_>, made: &Made) -> Known {
    let source = reading.source;
    let mut known = Known { own: Own::read(reading), ..Known::default() };
    known.names.extend(known.own.gives().collect::<Vec<_>>());
    let is_go = reading.names.language() == Language::Go;
    for binding in &source.bindings {
        // What a function gives is not known by the function's name alone.
        let is_function = binding.value_span.is_empty() && !binding.of_type.is_empty();
        let target = match binding.target.as_str() {
            target if is_function => target,
            target => target.trim_end_matches("()"),
        };
        if target.is_empty() {
            continue;
        }
        let of_type = reading.names.of_type(&binding.of_type).map(|(package, _)| package);
        let of_own = known.own.of_type(binding).or_else(|| asked::of(reading, &binding.value));
        if let Some(package) = of_type {
            reading.uses.push((binding.span.start, Some(package), package.store));
        }
        let value = &binding.value_span;
        let of_value =
            made.iter().find(|(span, _)| value.contains(&span.start)).filter(|(span, _)| {
                let before = reading.file.text.get(value.start..span.start).unwrap_or_default();
                holds(before) && !(is_go && is_within(before))
            });
        if let Some(package) = of_type.or(of_value.map(|&(_, package)| package)).or(of_own) {
            known.names.insert(target.to_owned(), package);
        }
    }
    known.names.extend(ruby::macros(reading));
    known.names.extend(super::shared::given_by_modules(reading, &known));
    // What a client gives is one as well, and fields are named after the code that uses them.
    for _ in 0..3 {
        let found: Vec<_> =
            source.bindings.iter().filter_map(|binding| derived(&known, binding)).collect();
        let before = known.names.len();
        known.names.extend(found);
        if known.names.len() == before {
            break;
        }
    }
    known
}

fn derived(known: &Known, binding: &super::Binding) -> Option<(String, &'static Package)> {
    let value = dotted(clip(&binding.value, 200));
    let value = value.split(['|', ';', ',']).next().unwrap_or_default();
    let mut rest = unowned(value);
    for neutral in ["await", "unwrap()", "expect()", "Result", "resource"] {
        rest = rest.strip_suffix(neutral).unwrap_or(rest).trim_end_matches('.');
    }
    let end = last(rest);
    let method = end.trim_end_matches("()");
    let is_given = !end.ends_with("()")
        || known::derives(method)
        || is_build(method)
        || known.has(end)
        || known.has(rest);
    let is_asked = known::command(method).is_some() && !known::derives(method);
    if binding.target.is_empty() || rest.is_empty() || !is_given || is_asked {
        return None;
    }
    // `get` gives a connection of a pool, and a value of a client.
    let is_get = known::plain(method) == "get" && end.ends_with("()");
    let receiver = rest.strip_suffix(end).unwrap_or(rest).trim_end_matches('.');
    if is_get && !known::plain(receiver).contains("pool") {
        return None;
    }
    let package =
        known.package(rest).or_else(|| known.package(receiver).filter(|_| end.ends_with("()")))?;
    Some((binding.target.clone(), package))
}

/// Whether a method of a builder makes what it is for.
fn is_build(method: &str) -> bool {
    known::plain(method).starts_with("build")
}

/// Whether a client stands in braces: it is then of a field or of a function, and not what the name stands for.
fn is_within(before: &str) -> bool {
    let (open, closed) = (before.matches('{').count(), before.matches('}').count());
    open > closed && !before.contains("sync.Once")
}

/// Whether what stands in front of a client only holds it.
fn holds(before: &str) -> bool {
    // `ConnectionPool.new(size: 5) do Redis.new end` of Ruby.
    if before.trim_start().starts_with("ConnectionPool") {
        return true;
    }
    let choices = ["||", "&&", "??", " or ", " and ", "? ", ": ", "= "];
    let start =
        choices.iter().filter_map(|choice| Some(before.rfind(choice)? + choice.len())).max();
    let before = &before[start.unwrap_or(0)..];
    let mut names = before
        .split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.' || c == ':'))
        .map(|name| name.trim_matches([':', '.']))
        .filter(|name| name.starts_with(char::is_alphabetic));
    match names.next() {
        None => true,
        Some(first) => {
            known::holds(first) || known::holds(first.split("::").next().unwrap_or(first))
        }
    }
}

/// A method of a client that is no command: `pipeline`, `unlock`, `listen`.
fn is_method(method: &str, is_direct: bool) -> Option<Purpose> {
    // A copy is passed on, which is no use of its own.
    let is_copy = known::plain(method) == "clone";
    (!is_copy && (is_direct || known::derives(method))).then_some(Purpose::Other)
}

/// What is sent by `conn.Do("SETEX", key)`: the command that is its first argument.
fn sent<'a>(call: &'a Call, method: &'a str, usual: Purpose) -> (&'a str, Purpose) {
    let says = [
        "do",
        "dowithtimeout",
        "docontext",
        "send",
        "call",
        "callraw",
        "executecommand",
        "command",
        "executeraw",
    ];
    let first = call.arguments.iter().find(|argument| argument.value.starts_with(['"', '\'', '`']));
    let named = first.map(|argument| unquoted(&argument.value));
    let named = named.and_then(|name| Some((name, known::command(name)?)));
    named.filter(|_| says.contains(&&*known::plain(method))).unwrap_or((method, usual))
}

/// A command, with what its key says that it is for.
pub(super) fn command(
    reading: &Reading<'_>,
    call: &Call,
    method: &str,
    usual: Purpose,
    package: &'static Package,
) -> Sighting {
    let sighting = of_package(Kind::Command, package, call.at..call.span.end);
    let sighting = Sighting { name: clip(method, 60).to_owned(), ..sighting };
    with_purpose(reading, sighting, package, call, Some((method, usual)))
}

/// What it is for: by its key, by the package, by the command, by the code around it.
pub(super) fn with_purpose(
    reading: &Reading<'_>,
    sighting: Sighting,
    package: &'static Package,
    call: &Call,
    sent: Option<(&str, Purpose)>,
) -> Sighting {
    match purpose(reading, package, call, sent) {
        Some((purpose, why)) => sighting.purpose(purpose, why),
        None => sighting,
    }
}

fn purpose(
    reading: &Reading<'_>,
    package: &'static Package,
    call: &Call,
    sent: Option<(&str, Purpose)>,
) -> Option<(Purpose, String)> {
    if package.role == Role::Library && !super::is_open(package) {
        return None;
    }
    if let Some((method, usual)) = sent {
        if usual == Purpose::PubSub {
            return Some((usual, format!("`{method}` sends to who listens")));
        }
        let key = key(call);
        if let Some((purpose, word)) = key.as_deref().and_then(known::purpose_of) {
            let key = clip(key.as_deref().unwrap_or_default(), 60);
            return Some((purpose, format!("the key `{key}` says `{word}`")));
        }
        let receiver = call.callee.rsplit('.').nth(1).unwrap_or_default();
        let named =
            [method, receiver].into_iter().find_map(|name| Some((name, known::purpose_of(name)?)));
        if let Some((name, (purpose, word))) = named {
            return Some((purpose, format!("`{name}` says `{word}`")));
        }
        if usual == Purpose::Other && is_lock(call) {
            return Some((Purpose::Lock, format!("`{method}` sets only what is not there")));
        }
        let around = reading.purpose_around(call.at);
        if around.is_some() {
            return around;
        }
        if usual != Purpose::Other {
            return Some((usual, format!("`{method}` is a command of such a use")));
        }
        if has_expiry(call) {
            return Some((Purpose::Cache, format!("`{method}` sets what expires")));
        }
        return None;
    }
    let bound =
        super::binding_around(reading.source, call.span.start).filter(|binding| !binding.is_pair);
    let by_name = bound.and_then(|binding| {
        let (purpose, word) = known::purpose_of(&binding.target)?;
        Some((purpose, format!("`{}` says `{word}`", clip(&binding.target, 60))))
    });
    by_name.or_else(|| reading.purpose_around(call.span.start))
}

/// The key of a command: the first text among what is given to it.
fn key(call: &Call) -> Option<String> {
    let texts = call.arguments.iter().take(3).filter(|argument| {
        let name = unquoted(&argument.value);
        // `Do("SETEX", key)` says the command first.
        !(name.chars().all(|c| c.is_ascii_uppercase()) && known::command(name).is_some())
    });
    texts
        .into_iter()
        .find_map(|argument| {
            let start = argument.value.find(['"', '\'', '`', ':'])?;
            let value = &argument.value[start..];
            let quote = value.chars().next()?;
            let inner = &value[quote.len_utf8()..];
            let text = inner.split(quote).next().unwrap_or(inner);
            (quote != ':' && !text.is_empty()).then(|| text.to_owned()).or_else(|| {
                // A key that is made by a function or kept in a constant is named for what it is.
                argument.key.is_none().then(|| argument.value.clone())
            })
        })
        .or_else(|| {
            let first = call.arguments.iter().find(|argument| argument.value != "ctx")?;
            Some(first.value.clone())
        })
}

/// `set(…, nx=True, ex=…)`, `.set(k, v, NX)`.
fn is_lock(call: &Call) -> bool {
    call.arguments.iter().skip(1).any(|argument| {
        argument.key.as_deref() == Some("nx") && argument.value != "False"
            || matches!(unquoted(&argument.value), "NX" | "nx" | "When.NotExists")
            || argument.value.contains("When.NotExists")
    })
}

fn has_expiry(call: &Call) -> bool {
    call.arguments.iter().any(|argument| {
        matches!(argument.key.as_deref(), Some("ex" | "px" | "expiry" | "ttl" | "timeout" | "exat"))
            || ["Duration.", "TimeSpan.", "time.", "TTL", "ttl"]
                .iter()
                .any(|of| argument.value.contains(of))
    })
}

/// Calls of what may be commands, of values that this file alone does not know.
pub(super) fn pending(reading: &Reading<'_>, known: &Known) -> Vec<Pending> {
    let taken: HashSet<_> = reading.sightings.iter().map(|sighting| sighting.span.end).collect();
    let calls = reading.source.calls.iter().filter(|call| !taken.contains(&call.span.end));
    let marks = reading.source.marks.iter().filter_map(|(mark, span)| {
        // `@app.task` of another file's `app`.
        let path = dotted(mark.strip_prefix('@')?);
        let (receiver, method) = path.rsplit_once('.').filter(|(_, of)| known::registers(of))?;
        let store = Store::Redis;
        let sighting = Sighting::new(Kind::Command, store, span.clone(), method);
        Some(Pending { receiver: receiver.to_owned(), sighting })
    });
    calls
        .filter_map(|call| {
            let (receiver, method) = call.callee.rsplit_once('.')?;
            let is_plain =
                receiver.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '(' | ')'));
            let usual = known::command(method).or_else(|| is_method(method, is_plain))?;
            if known.package(receiver).is_some() || receiver.len() > 120 {
                return None;
            }
            let span = call.at..call.span.end;
            let sighting = Sighting::new(Kind::Command, Store::Redis, span, method);
            let sighting = match purpose_of_pending(reading, call, method, usual) {
                Some((purpose, why)) => sighting.purpose(purpose, why),
                None => sighting,
            };
            Some(Pending { receiver: receiver.to_owned(), sighting })
        })
        .chain(marks)
        .collect()
}

fn purpose_of_pending(
    reading: &Reading<'_>,
    call: &Call,
    method: &str,
    usual: Purpose,
) -> Option<(Purpose, String)> {
    let key = key(call)?;
    if let Some((purpose, word)) = known::purpose_of(&key) {
        return Some((purpose, format!("the key `{}` says `{word}`", clip(&key, 60))));
    }
    if let Some(around) = reading.purpose_around(call.at) {
        return Some(around);
    }
    (usual != Purpose::Other).then(|| (usual, format!("`{method}` is a command of such a use")))
}
