//! What a package has for the making of a client, and scripts: what is made by it, and what it sends.

use std::collections::HashMap;

use super::{
    super::{Reading, of_package},
    command,
    make::{Made, told_of},
    purpose::with_purpose,
};
use crate::{
    catalogue::{self, Package},
    code::other::{
        known,
        language::Language,
        source::{Call, clip, dotted, last},
    },
    finding::{Kind, Purpose, Sighting, Store},
    prose,
};

/// The names of what a package has for the making of a client, and of scripts: `let config = Config::from_url(…)`.
pub(super) fn parts(reading: &Reading<'_>) -> HashMap<String, &'static Package> {
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
pub(super) fn of_part(
    reading: &mut Reading<'_>,
    call: &Call,
    parts: &HashMap<String, &'static Package>,
    made: &mut Made,
) {
    let Some((receiver, method)) = call.callee.rsplit_once('.') else { return };
    let first = receiver.split('.').next().unwrap_or(receiver);
    let plain = known::plain(method);
    let part = parts.get(first).copied();
    if part.is_none() && plain == "createpool" {
        return of_field(reading, call, receiver, made);
    }
    let Some(package) = part else { return };
    if plain == "invoke" {
        let sighting = command(reading, call, method, Purpose::Other, package);
        reading.sightings.push(sighting);
    } else if receiver == first && (plain.starts_with("create") || plain == "connect") {
        make(reading, call, package, made);
    }
}

/// `settings.redis.create_pool(…)`: a pool of what another file reads, whose name says of which store it is. All pools of deadpool are
/// made so.
fn of_field(reading: &mut Reading<'_>, call: &Call, receiver: &str, made: &mut Made) {
    let field = receiver.rsplit_once('.').map(|(_, field)| field);
    let is_said = field.and_then(prose::mention).is_some_and(|(store, _)| store == Store::Redis);
    let package = catalogue::imported(Language::Rust.ecosystem(), "deadpool_redis");
    let is_rust = reading.names.language() == Language::Rust;
    if let Some(package) = package.filter(|_| is_said && is_rust) {
        make(reading, call, package, made);
    }
}

fn make(reading: &mut Reading<'_>, call: &Call, package: &'static Package, made: &mut Made) {
    let sighting = of_package(Kind::Client, package, call.span.clone());
    let sighting = Sighting { name: clip(last(&call.callee), 60).to_owned(), ..sighting };
    let sighting = with_purpose(reading, sighting, package, call, None);
    reading.sightings.push(sighting);
    made.push((call.span.clone(), package));
}
