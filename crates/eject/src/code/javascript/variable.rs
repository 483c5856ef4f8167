//! Environment variables that code reads, and addresses that stand in it.

use oxc_ast::ast::{
    Argument, ArrayExpression, ArrayExpressionElement, BinaryExpression, BinaryOperator,
    CallExpression, Expression, ObjectProperty, ObjectPropertyKind,
};
use oxc_span::{GetSpan as _, Span};

use super::known::{address_of, store_of};
use crate::finding::{Kind, Sighting, Store};

/// `process.env.REDIS_URL`, `env["REDIS_URL"]`: a property whose name is a variable's.
pub(super) fn property(object: &Expression<'_>, name: &str, span: Span) -> Option<Sighting> {
    let named = named(name, span)?;
    let holder = last_name(object)?.to_lowercase();
    let holds = ["env", "config", "secret", "setting", "vars", "environment", "opt", "parsed"];
    let is_holder = holds.iter().any(|word| holder.contains(word)) || holder == "meta";
    is_holder.then_some(named)
}

/// `"REDIS_URL" in process.env`: whether a variable is there.
pub(super) fn is_there(binary: &BinaryExpression<'_>) -> Option<Sighting> {
    let Expression::StringLiteral(name) = &binary.left else { return None };
    let is_asked = binary.operator == BinaryOperator::In;
    is_asked.then(|| property(&binary.right, &name.value, name.span))?
}

/// `config.get("REDIS_URL")`, `required("REDIS_URL")`: a call that is given a variable's name first.
pub(super) fn call(call: &CallExpression<'_>) -> Option<Sighting> {
    let Some(Argument::StringLiteral(name)) = call.arguments.first() else { return None };
    let named = named(&name.value, name.span)?;
    let callee = last_name(&call.callee)?.to_lowercase();
    let reads = ["get", "env", "requir", "config", "str", "read", "must", "fetch", "optional"];
    let more =
        ["variable", "secret", "int", "num", "url", "value", "need", "ensure", "from", "load"];
    let is_read = reads.iter().chain(&more).any(|word| callee.contains(word));
    (is_read && callee != "error").then_some(named)
}

/// `REDIS_URL: z.string()`: the key of a schema.
pub(super) fn schema_key(property: &ObjectProperty<'_>) -> Option<Sighting> {
    let name = property.key.static_name()?;
    let mut named = named(&name, property.key.span())?;
    named.is_open &= !asks_for_scheme(&property.value, 4);
    let is_schema = match property.value.get_inner_expression() {
        Expression::CallExpression(_) | Expression::StaticMemberExpression(_) => true,
        // `{ type: "string" }` of JSON Schema, and what other checkers of variables have of it.
        Expression::ObjectExpression(schema) => schema.properties.iter().any(|property| {
            let ObjectPropertyKind::ObjectProperty(property) = property else { return false };
            let key = property.key.static_name();
            matches!(key.as_deref(), Some("type" | "default" | "format" | "optional" | "doc"))
        }),
        _ => false,
    };
    is_schema.then_some(named)
}

/// `Joi.string().uri({ scheme: ["redis", "rediss"] })`: an address that has to be one of Redis.
fn asks_for_scheme(expression: &Expression<'_>, deep: usize) -> bool {
    let Some(deep) = deep.checked_sub(1) else { return false };
    let names_redis = |value: &Expression<'_>| {
        match value.get_inner_expression() {
        Expression::StringLiteral(text) => is_scheme(&text.value),
        Expression::RegExpLiteral(pattern) => is_scheme(&pattern.regex.pattern.text),
        Expression::ArrayExpression(list) => list.elements.iter().any(|element| {
            matches!(element, ArrayExpressionElement::StringLiteral(text) if is_scheme(&text.value))
        }),
        _ => false,
    }
    };
    let Expression::CallExpression(call) = expression.get_inner_expression() else { return false };
    let is_asked = call.arguments.iter().any(|argument| {
        let Argument::ObjectExpression(options) = argument else { return false };
        options.properties.iter().any(|property| {
            let ObjectPropertyKind::ObjectProperty(property) = property else { return false };
            let key = property.key.static_name();
            matches!(key.as_deref(), Some("scheme" | "schemes" | "protocol" | "protocols"))
                && names_redis(&property.value)
        })
    });
    let before = call.callee.get_inner_expression().as_member_expression();
    is_asked || before.is_some_and(|method| asks_for_scheme(method.object(), deep))
}

/// `redis`, `rediss:`, `^rediss?$`
fn is_scheme(text: &str) -> bool {
    text.trim_start_matches('^').starts_with("redis")
}

/// `const { REDIS_URL } = process.env`: a key of a pattern.
pub(super) fn pattern_key(name: &str, span: Span) -> Option<Sighting> {
    named(name, span)
}

/// `["REDIS_URL", "PORT"]`: a list of names of variables.
pub(super) fn list(array: &ArrayExpression<'_>) -> Vec<Sighting> {
    let names = array.elements.iter().map(|element| match element {
        ArrayExpressionElement::StringLiteral(name) if is_name(&name.value) => Some(name),
        _ => None,
    });
    let Some(names) = names.collect::<Option<Vec<_>>>() else { return Vec::new() };
    let found = names.iter().filter_map(|name| {
        let store = variable(&name.value)?;
        Some(sighting(store, &name.value, name.span))
    });
    found.collect()
}

/// Whether an expression is the address of a server, or reads it from a variable.
pub(super) fn is_address(expression: &Expression<'_>) -> Option<Store> {
    match expression.get_inner_expression() {
        Expression::StringLiteral(text) => address_of(&text.value),
        Expression::TemplateLiteral(template) => {
            let start = template.quasis.first().map_or("", |quasi| quasi.value.raw.as_str());
            address_of(&format!("{start}${{}}"))
        }
        Expression::StaticMemberExpression(member) => {
            let sighting = property(&member.object, &member.property.name, member.property.span)?;
            (!sighting.is_open).then_some(sighting.store)
        }
        // `Number(process.env.REDIS_PORT)`, `parseInt(…, 10)`
        Expression::CallExpression(call) => {
            let is_number = matches!(last_name(&call.callee)?, "Number" | "parseInt" | "String");
            is_address(call.arguments.first()?.as_expression()?).filter(|_| is_number)
        }
        Expression::LogicalExpression(either) => {
            is_address(&either.left).or_else(|| is_address(&either.right))
        }
        _ => None,
    }
}

/// The address of a server, if a string is one.
pub(super) fn address(text: &str, span: Span) -> Option<Sighting> {
    let store = address_of(text)?;
    let scheme = text.split("://").next().unwrap_or_default();
    let span = span.start as usize..span.end as usize;
    Some(Sighting::new(Kind::ConnectionString, store, span, scheme))
}

fn sighting(store: Store, name: &str, span: Span) -> Sighting {
    let span = span.start as usize..span.end as usize;
    Sighting::new(Kind::VariableRead, store, span, name)
}

/// A variable that is read by its name. Of most it is known only when all files are read whether what is set is a store's.
fn named(name: &str, span: Span) -> Option<Sighting> {
    let store = variable(name);
    let found = sighting(store.unwrap_or(Store::Redis), name, span);
    let is_open = store.is_none();
    let is_variable = is_name(name) && (!is_open || name.contains('_'));
    is_variable.then_some(Sighting { is_open, ..found })
}

pub(super) fn variable(name: &str) -> Option<Store> {
    if is_name(name) { store_of(name) } else { None }
}

/// Capitals, digits and underscores: how variables are named.
fn is_name(name: &str) -> bool {
    name.len() > 2
        && name
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}

/// The name nearest to what is asked of an expression: `env` of `process.env`, `get` of `config.get`.
pub(super) fn last_name<'e>(expression: &'e Expression<'_>) -> Option<&'e str> {
    match expression.get_inner_expression() {
        Expression::Identifier(identifier) => Some(identifier.name.as_str()),
        Expression::StaticMemberExpression(member) => Some(member.property.name.as_str()),
        Expression::PrivateFieldExpression(member) => Some(member.field.name.as_str()),
        Expression::CallExpression(call) => last_name(&call.callee),
        Expression::LogicalExpression(either) => last_name(&either.left),
        Expression::AwaitExpression(awaited) => last_name(&awaited.argument),
        Expression::ImportMeta(_) => Some("meta"),
        _ => None,
    }
}
