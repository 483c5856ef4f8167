//! Who asks whether a client is there: `class_exists('Redis')`, `Class.forName("redis.clients.jedis.Jedis")`.

use super::{Call, Reading, name, of_package};
use crate::{
    code::other::{import::Import, source::unquoted},
    finding::Kind,
};

/// Takes the package that a call names.
pub(super) fn take(reading: &mut Reading<'_>, call: &Call) {
    let Some(argument) = call.arguments.first() else { return };
    let written = argument.value.trim();
    let named = written.strip_suffix("::class").unwrap_or_else(|| unquoted(written));
    let path = match named.trim_start_matches('\\') {
        // An extension of PHP is named in small letters, and its class is not.
        "redis" => "Redis".to_owned(),
        "mongodb" => "MongoDB.Driver".to_owned(),
        path => path.replace("\\\\", ".").replace('\\', "."),
    };
    let is_name = path.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.'));
    if !is_name || path.is_empty() {
        return;
    }
    let (alias, span) = (String::new(), call.span.clone());
    let import = Import { path: path.clone(), name: None, alias, span, is_public: false };
    if let Some(package) = reading.names.imported(&import).filter(|of| name::counts(of, &path)) {
        reading.sightings.push(of_package(Kind::Import, package, call.span.clone()));
    }
}
