//! Infrastructure that code declares: servers, and the variables that programs are started with.

use std::collections::HashMap;

use oxc_ast::ast::{
    Argument, Expression, ImportDeclaration, ImportDeclarationSpecifier, ImportOrExportKind,
    NewExpression, ObjectExpression, ObjectProperty, ObjectPropertyKind,
};
use oxc_span::GetSpan as _;

use super::{
    binding::root_identifier,
    variable::{last_name, variable},
};
use crate::{
    finding::{Kind, Sighting, Store},
    word,
};

/// Packages with which infrastructure is declared.
const DECLARE: &[&str] =
    &["aws-cdk-lib", "@aws-cdk/", "@pulumi/", "cdktf", "@cdktf/", "sst", "@upstash/pulumi"];

/// Words of what declares a server, and the store it is of.
fn store_of(name: &str) -> Option<Store> {
    word::words(name).find_map(|word| match &*word {
        "elasticache" | "memorydb" | "memorystore" | "redis" | "valkey" | "redisenterprise"
        | "kvstore" => Some(Store::Redis),
        "docdb" | "mongodbatlas" => Some(Store::Mongodb),
        _ => None,
    })
}

/// The names under which an import takes in what declares servers of a store.
pub(super) fn declarers(import: &ImportDeclaration<'_>) -> Vec<(String, Store)> {
    let path = import.source.value.as_str();
    let declares = DECLARE.iter().any(|start| path.starts_with(start));
    if !declares || import.import_kind == ImportOrExportKind::Type {
        return Vec::new();
    }
    let of_path = store_of(path.rsplit('/').next().unwrap_or(path)).or_else(|| store_of(path));
    let found = import.specifiers.iter().flatten().filter_map(|specifier| {
        let imported = match specifier {
            ImportDeclarationSpecifier::ImportSpecifier(one) => one.imported.name().to_string(),
            _ => String::new(),
        };
        Some((specifier.name().to_string(), of_path.or_else(|| store_of(&imported))?))
    });
    found.collect()
}

/// `new elasticache.CfnCacheCluster(…)`, `new azure.cache.Redis(…)`: a server that is declared as infrastructure.
pub(super) fn resource(
    new: &NewExpression<'_>,
    declarers: &HashMap<String, Store>,
) -> Option<Sighting> {
    let class = last_name(&new.callee)?;
    let root = root_identifier(&new.callee).map_or("", |root| root.name.as_str());
    let by_import = declarers.get(root).copied();
    let of = match new.callee.get_inner_expression() {
        Expression::StaticMemberExpression(member) => last_name(&member.object)?.to_lowercase(),
        _ => root.to_lowercase(),
    };
    let store = by_import.or_else(|| by_name(new, class, &of))?;
    let is_memcached = options(new).any(|(_, value)| value == "memcached");
    let span = new.span.start as usize..new.span.end as usize;
    (!is_memcached).then(|| Sighting::new(Kind::Resource, store, span, &format!("{of}.{class}")))
}

fn by_name(new: &NewExpression<'_>, class: &str, of: &str) -> Option<Store> {
    let Expression::StaticMemberExpression(member) = new.callee.get_inner_expression() else {
        return None;
    };
    let is_nested = matches!(&member.object, Expression::StaticMemberExpression(_));
    let is_of = |known: &[&str]| known.contains(&of);
    Some(match class {
        _ if is_of(&["elasticache", "memorydb"]) || of.starts_with("aws_elasticache") => {
            Store::Redis
        }
        "Redis" | "RedisEnterprise" | "RedisCache" | "EnterpriseCluster"
            if is_of(&["cache", "redisenterprise", "azure"]) =>
        {
            Store::Redis
        }
        // `sst.aws.Redis`, which is a component; `upstash.RedisDatabase`.
        "Redis" | "Valkey" if is_of(&["aws"]) && is_nested => Store::Redis,
        "RedisDatabase" | "RedisCluster" | "RedisInstance"
            if is_of(&["upstash", "scaleway", "yandex", "exoscale"]) =>
        {
            Store::Redis
        }
        // `digitalocean.DatabaseCluster` and what is like it, of any engine.
        "DatabaseCluster" | "DatabaseInstance" | "ManagedDatabase" | "Service"
            if options(new).any(|(name, value)| {
                matches!(&*name, "engine" | "serviceType" | "type")
                    && matches!(value, "redis" | "valkey")
            }) =>
        {
            Store::Redis
        }
        // `gcp.redis.Instance`; a client's own cluster is `Redis.Cluster`.
        "Instance" | "Cluster" if is_of(&["redis", "memorystore"]) && is_nested => Store::Redis,
        _ if is_of(&["docdb", "mongodbatlas"]) => Store::Mongodb,
        _ => return None,
    })
}

/// The texts among the options of a construction.
fn options<'n>(
    new: &'n NewExpression<'_>,
) -> impl Iterator<Item = (std::borrow::Cow<'n, str>, &'n str)> {
    let objects = new.arguments.iter().filter_map(|argument| match argument {
        Argument::ObjectExpression(options) => Some(options),
        _ => None,
    });
    objects.flat_map(|options| &options.properties).filter_map(|property| {
        let ObjectPropertyKind::ObjectProperty(property) = property else { return None };
        let Expression::StringLiteral(text) = &property.value else { return None };
        Some((property.key.static_name()?, text.value.as_str()))
    })
}

/// `env_production: { REDIS_HOST: "…" }`, `environment: { REDIS_HOST: cache.endpoint }`: variables with which a program is
/// started, each with where it stands.
pub(super) fn environment(property: &ObjectProperty<'_>) -> Vec<(u32, Sighting)> {
    let Expression::ObjectExpression(object) = property.value.get_inner_expression() else {
        return Vec::new();
    };
    let first = property.key.static_name().and_then(|key| word::words(&key).next());
    if !first.as_deref().is_some_and(is_environment) {
        return Vec::new();
    }
    // A function that is called there may as well check a value as give one.
    let takes_calls = first.is_none_or(|first| first != "env");
    variables(object, takes_calls)
}

/// `const environment = { REDIS_HOST: "…" }`: variables that are given to programs by a name, which is any in a file that
/// starts them (`ecosystem.config.js` of pm2).
pub(super) fn kept_environment(
    name: &str,
    init: &Expression<'_>,
    starts_programs: bool,
) -> Vec<(u32, Sighting)> {
    let Expression::ObjectExpression(object) = init.get_inner_expression() else {
        return Vec::new();
    };
    let is_one = starts_programs || word::words(name).next().as_deref().is_some_and(is_environment);
    if is_one { variables(object, false) } else { Vec::new() }
}

/// Whether a file says which programs are to be started, by its name.
pub(super) fn starts_programs(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.starts_with("ecosystem.") || name.starts_with("pm2.")
}

fn is_environment(word: &str) -> bool {
    matches!(word, "env" | "envs" | "environment" | "environments" | "secrets" | "variables")
}

/// The variables of a store among the keys of an object.
fn variables(object: &ObjectExpression<'_>, takes_calls: bool) -> Vec<(u32, Sighting)> {
    let found = object.properties.iter().filter_map(|property| {
        let ObjectPropertyKind::ObjectProperty(property) = property else { return None };
        let name = property.key.static_name()?;
        let store = variable(&name)?;
        let is_value = match property.value.get_inner_expression() {
            Expression::StringLiteral(_)
            | Expression::TemplateLiteral(_)
            | Expression::NumericLiteral(_)
            | Expression::BooleanLiteral(_)
            | Expression::Identifier(_) => true,
            Expression::CallExpression(_) => takes_calls,
            // What it is read from is told there.
            Expression::StaticMemberExpression(member) => {
                last_name(&member.object).is_none_or(|of| !matches!(of, "env" | "meta" | "z"))
            }
            _ => false,
        };
        let span = property.key.span();
        let span = span.start as usize..span.end as usize;
        let sighting = || Sighting::new(Kind::VariableSet, store, span, &name);
        is_value.then(|| (property.span.start, sighting()))
    });
    found.collect()
}

/// `{ name: "REDIS_HOST", value: … }` of a list of variables.
pub(super) fn named_variable(object: &ObjectExpression<'_>) -> Option<Sighting> {
    let properties = || {
        object.properties.iter().filter_map(|property| match property {
            ObjectPropertyKind::ObjectProperty(property) => Some(property),
            ObjectPropertyKind::SpreadProperty(_) => None,
        })
    };
    let named = properties()
        .find(|property| matches!(property.key.static_name().as_deref(), Some("name" | "key")))?;
    let has_value = properties().any(|property| {
        matches!(
            property.key.static_name().as_deref(),
            Some("value" | "valueFrom" | "secretKeyRef")
        )
    });
    let Expression::StringLiteral(name) = &named.value else { return None };
    let store = variable(&name.value).filter(|_| has_value)?;
    let span = named.span.start as usize..named.span.end as usize;
    Some(Sighting::new(Kind::VariableSet, store, span, &name.value))
}
