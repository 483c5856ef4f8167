//! What a container of dependencies is asked for by a type: `get<RedisClient>()`, `GetRequiredService<IDatabase>()`.

use std::sync::LazyLock;

use regex::Regex;

use super::{Call, Reading};
use crate::catalogue::Package;

/// A type in angles, behind the name of a function that gives one.
static GENERIC: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"\b(?:get|getOrNull|inject|koinInject|instance|resolve|Resolve|getBean|Get(?:Required)?(?:Keyed)?Service",
        r"|data|data_opt|data_unchecked|app_data|state|try_state|extension)",
        r"(?:::)?<\s*(?P<type>[^(){};]+?)\s*>\s*\([^(){};]*\)(?:\s*\.(?:unwrap|expect|cloned|clone)\([^(){};]*\))*$",
    ))
    .expect("it is valid")
});

/// A class that is given to such a function.
static CLASS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\b(?:getBean|getInstance)\(\s*(?P<type>[A-Za-z_][\w.]*?)(?:\.class|::class(?:\.java)?)\s*\)$")
        .expect("it is valid")
});

/// A type that is taken out of a state by its own function: `ConnectionManager::from_ref(state)` of axum.
static TAKEN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?P<type>\b[A-Za-z_][\w:]*)::from_ref\([^(){};]*\)$").expect("it is valid")
});

/// A value that is said to be of a type: `c.MustGet("redis").(*redis.Client)` of Go, `context["redis"] as RedisClient`.
static SAID: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"\.\(\*?(?P<go>[a-z_]\w*\.[A-Z]\w*)\)$|[\w)\]]\s+as\??\s+(?P<type>[A-Z][\w.]*(?:<[^<>]*>)?)\)*$",
    )
    .expect("it is valid")
});

/// The type that is asked for at the end of an expression.
fn type_of(written: &str) -> Option<&str> {
    let written =
        written.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '.' | '?' | '!'));
    let found = GENERIC.captures(written).or_else(|| CLASS.captures(written));
    let found = found.or_else(|| TAKEN.captures(written)).or_else(|| SAID.captures(written))?;
    found.name("type").or_else(|| found.name("go")).map(|of_type| of_type.as_str())
}

/// The package of what is asked for at the end of an expression.
pub(super) fn of(reading: &Reading<'_>, written: &str) -> Option<&'static Package> {
    let (package, _) = reading.names.of_type(type_of(written)?)?;
    Some(package)
}

/// The package of what is asked for, and by which a method is called at once.
pub(super) fn package(reading: &Reading<'_>, call: &Call) -> Option<&'static Package> {
    of(reading, reading.file.text.get(call.span.start..call.at)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_asked_for_in_angles_or_as_classes() {
        for (written, of_type) in [
            ("get<RedisClient>().", Some("RedisClient")),
            ("get<Connection<String, String>>().", Some("Connection<String, String>")),
            ("provider.GetRequiredService<IDatabase>()!.", Some("IDatabase")),
            ("provider.GetRequiredKeyedService<IDatabase>(\"a\")", Some("IDatabase")),
            ("context.getBean(Jedis.class).", Some("Jedis")),
            ("context.getBean(Jedis::class.java).", Some("Jedis")),
            ("ctx.data::<Pool>()?", Some("Pool")),
            ("req.app_data::<Data<Pool>>().unwrap()", Some("Data<Pool>")),
            ("ConnectionManager::from_ref(state)", Some("ConnectionManager")),
            ("c.MustGet(\"redis\").(*redis.Client).", Some("redis.Client")),
            ("attributes[KEY] as RedisClient", Some("RedisClient")),
            ("widget<RedisClient>().", None),
            ("get<RedisClient>().name.", None),
            ("map.get(key).", None),
        ] {
            assert_eq!(type_of(written), of_type, "{written}");
        }
    }
}
