//! Options of frameworks that are data: a word that chooses a store, a package by its name, a part that is named for a store.
//!
//! Nitro's `driver: "redis"`, `TypeORM`'s `cache: { type: "redis", … }`, Medusa's `resolve: "@medusajs/cache-redis"` and a plugin's
//! `redis: { config: … }` make clients that no import and no construction shows.

use oxc_ast::ast::{Expression, ObjectExpression, ObjectProperty, ObjectPropertyKind};
use oxc_span::GetSpan as _;

use super::{
    knowledge::knowledge,
    known::{self, imported},
    variable,
};
use crate::{
    catalogue::{Package, Role},
    finding::{Kind, Life, Purpose, Sighting, Store},
};

/// Whether a framework reads the file as its configuration: `nuxt.config.ts`, `medusa-config.js`, what is in `config/`.
/// Of a module that a tree configures itself with, what is read there is told and no more.
pub(super) fn is_configuration(path: &str) -> bool {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let is_named = [".config", "-config"].iter().any(|end| stem.ends_with(end))
        || stem.starts_with('.') && stem.ends_with("rc");
    let is_in_folder = folder == "config" || folder.ends_with("/config");
    is_named || is_in_folder && !folder.contains("src/")
}

/// What the properties of an object say by themselves; `way` has the keys around it.
pub(super) fn of_object(
    object: &ObjectExpression<'_>,
    way: &[String],
    is_configuration: bool,
) -> Vec<Sighting> {
    let properties = || {
        object.properties.iter().filter_map(|property| match property {
            ObjectPropertyKind::ObjectProperty(property) => {
                Some((property.key.static_name()?, &**property))
            }
            ObjectPropertyKind::SpreadProperty(_) => None,
        })
    };
    let connects = properties().any(|(key, _)| knowledge().connection_options.contains(&*key));
    let found = properties().filter_map(|(key, property)| {
        let text = literal(&property.value);
        // `driver: "redis"` is a framework's word, though a package has that name too.
        if let Some(store) = text.and_then(|text| chosen(&key, text, way)) {
            let is_setting = connects || is_configuration;
            return is_setting.then(|| told(Kind::Setting, store, property, way, &key));
        }
        if let Some(sighting) = text.and_then(|text| of_package(&key, text, property)) {
            return Some(sighting);
        }
        let store = known::part_of(&key).filter(|_| is_configuration)?;
        is_part(&key, &property.value).then(|| told(Kind::Setting, store, property, way, &key))
    });
    found.collect()
}

/// `plugins: ["strapi-plugin-redis"]`: packages that a list of a framework's configuration names.
pub(super) fn of_list(property: &ObjectProperty<'_>) -> Vec<Sighting> {
    let key = property.key.static_name();
    let Expression::ArrayExpression(list) = property.value.get_inner_expression() else {
        return Vec::new();
    };
    if !key.is_some_and(|key| knowledge().package_lists.contains(&*key)) {
        return Vec::new();
    }
    let texts = list.elements.iter().filter_map(|element| {
        let text = match element.as_expression()?.get_inner_expression() {
            // `["package", { … }]` is a package with its options.
            Expression::ArrayExpression(pair) => pair.elements.first()?.as_expression()?,
            one => one,
        };
        let package = package(literal(text)?)?;
        Some(of(package, literal(text)?, text.span()))
    });
    texts.collect()
}

/// `"^ioredis$": "ioredis-mock"`: what tests are given instead of a package.
pub(super) fn replaced(property: &ObjectProperty<'_>) -> Option<Sighting> {
    let name = property.key.static_name()?;
    let name = name.trim_start_matches('^').trim_end_matches('$');
    let package = imported(name)?;
    literal(&property.value)?;
    let sighting = of(package, name, property.span);
    Some(sighting.life(Life::Test, "tests are given another module instead"))
}

fn of_package(key: &str, text: &str, property: &ObjectProperty<'_>) -> Option<Sighting> {
    let package = package(text).filter(|_| knowledge().package_keys.contains(key))?;
    Some(of(package, text, property.span))
}

fn of(package: &'static Package, name: &str, span: oxc_span::Span) -> Sighting {
    let span = span.start as usize..span.end as usize;
    let sighting = Sighting::of(Kind::Setting, package, span, name);
    if package.purpose == Purpose::Other {
        return sighting;
    }
    sighting.purpose(package.purpose, format!("{name} is {}", package.what))
}

/// A package of the catalogue that needs the store, by its own name.
fn package(text: &str) -> Option<&'static Package> {
    let package = imported(text)?;
    (matches!(package.role, Role::Client | Role::Library)).then_some(package)
}

/// The store that a word chooses: of `driver: "redis"`, and of `provider: { name: "redis" }`.
fn chosen(key: &str, text: &str, way: &[String]) -> Option<Store> {
    let key = match key {
        "name" | "default" | "use" | "resolve" => way.last()?,
        // The engine of a server that is declared as infrastructure is told with that.
        "engine" | "kind" | "dialect" => return None,
        key => key,
    };
    known::chosen(key, text)
}

/// Whether what stands under a key that is named for a store is a setting of it, and no text for people.
fn is_part(key: &str, value: &Expression<'_>) -> bool {
    match value.get_inner_expression() {
        Expression::ObjectExpression(object) => {
            let keys = object.properties.iter().filter_map(|property| match property {
                ObjectPropertyKind::ObjectProperty(property) => {
                    Some(property.key.static_name()?.into_owned())
                }
                ObjectPropertyKind::SpreadProperty(_) => None,
            });
            known::is_map_of(keys)
        }
        Expression::StringLiteral(text) => {
            known::is_setting(key) && known::address_of(&text.value).is_none()
        }
        Expression::Identifier(_) => known::is_setting(key),
        _ => false,
    }
}

fn literal<'e>(expression: &'e Expression<'_>) -> Option<&'e str> {
    match expression.get_inner_expression() {
        Expression::StringLiteral(text) => Some(text.value.as_str()),
        // `process.env.CACHE ?? "redis"`
        Expression::LogicalExpression(either) => literal(&either.right),
        _ => None,
    }
}

fn told(
    kind: Kind,
    store: Store,
    property: &ObjectProperty<'_>,
    way: &[String],
    key: &str,
) -> Sighting {
    let span = property.span.start as usize..property.span.end as usize;
    let sighting = Sighting::new(kind, store, span, key);
    match known::purpose_of(&format!("{}.{key}", way.join("."))) {
        Some((purpose, why)) => sighting.purpose(purpose, why),
        None => sighting,
    }
}

/// `env: "REDIS_HOST"` of a schema: the name of a variable.
pub(super) fn named_variable(property: &ObjectProperty<'_>) -> Option<Sighting> {
    let key = property.key.static_name()?;
    let Expression::StringLiteral(name) = property.value.get_inner_expression() else {
        return None;
    };
    let store = variable::variable(&name.value).filter(|_| known::names_variables(&key))?;
    let span = property.span.start as usize..property.span.end as usize;
    Some(Sighting::new(Kind::VariableRead, store, span, &name.value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_configuration_by_its_name_or_its_folder() {
        for (path, is) in [
            ("nuxt.config.ts", true),
            ("apps/shop/medusa-config.js", true),
            ("config/plugins.js", true),
            ("apps/cms/config/plugins.js", true),
            ("src/config/redis.ts", false),
            ("src/config.ts", false),
        ] {
            assert_eq!(is_configuration(path), is, "{path}");
        }
    }
}
