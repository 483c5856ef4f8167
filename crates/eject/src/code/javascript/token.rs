//! Containers of dependencies: what is registered under a token, and who asks for it there.
//!
//! A token is a text, a symbol, or a member of an object of symbols; modules share it by its last name.

use std::sync::Arc;

use oxc_ast::{
    AstKind,
    ast::{Argument, CallExpression, Expression, ObjectExpression, ObjectPropertyKind},
};
use oxc_span::GetSpan as _;

use super::{
    give::handed,
    knowledge::knowledge,
    reading::Reading,
    spread::Summary,
    thing::{Nature, Thing},
    variable::last_name,
};

/// The name of a token: of `"redis"`, `TOKENS.Redis`, `REDIS_CLIENT` and `Symbol.for("redis")`. A name in small letters is a variable's.
pub(super) fn token_name<'e>(expression: &'e Expression<'_>) -> Option<&'e str> {
    let is_constant = |name: &str| name.starts_with(|first: char| first.is_ascii_uppercase());
    match expression.get_inner_expression() {
        Expression::StringLiteral(text) => Some(text.value.as_str()),
        Expression::Identifier(name) => Some(name.name.as_str()).filter(|name| is_constant(name)),
        Expression::StaticMemberExpression(member) => {
            let name = member.property.name.as_str();
            let of = last_name(&member.object)?;
            (is_constant(name) || is_constant(of)).then_some(name)
        }
        Expression::CallExpression(call) if last_name(&call.callee) == Some("for") => {
            let Some(Argument::StringLiteral(text)) = call.arguments.first() else { return None };
            Some(text.value.as_str())
        }
        _ => None,
    }
}

/// Whether a call asks a container for what it has under a token.
pub(super) fn asks_container(name: &str) -> bool {
    knowledge().container_gets.contains(name)
}

impl<'a> Reading<'a, '_> {
    /// What a call gets from a container: by its token, or by the type that it says.
    pub(super) fn contained(
        &self,
        call: &'a CallExpression<'a>,
        name: &str,
        deep: usize,
    ) -> Option<Arc<Thing>> {
        if !asks_container(name) {
            return None;
        }
        let token = call.arguments.first().and_then(Argument::as_expression).and_then(token_name);
        let by_token = token.and_then(|token| {
            self.decoration(&format!("={token}")).or_else(|| self.around.token(token))
        });
        by_token.or_else(|| {
            // `container.resolve<Redis>(TOKENS.Redis)`
            let of = call.type_arguments.as_ref()?.params.first()?;
            self.type_of(of, deep).filter(|thing| thing.is_instance())
        })
    }

    /// `container.register(TOKENS.Redis, { useValue: client })`, `container.bind(TYPES.Redis).toConstantValue(client)`.
    pub(super) fn contain(&self, call: &'a CallExpression<'a>, summary: &mut Summary) {
        let Some(method) = call.callee.get_inner_expression().as_member_expression() else {
            return;
        };
        let name = last_name(&call.callee).unwrap_or_default();
        let value = |index: usize| call.arguments.get(index).and_then(Argument::as_expression);
        let (token, kept) = if knowledge().container_puts.contains(name) {
            (value(0), value(1))
        } else if knowledge().container_binds.contains(name) {
            let Expression::CallExpression(bind) = method.object().get_inner_expression() else {
                return;
            };
            (bind.arguments.first().and_then(Argument::as_expression), value(0))
        } else {
            return;
        };
        let (Some(name), Some(kept)) = (token, kept) else { return };
        // A text is a token of the package's own; a symbol is shared by who imports it.
        let is_text = matches!(name, Expression::StringLiteral(_));
        let (Some(token), Some(kept)) = (token_name(name), self.kept(kept)) else { return };
        if !kept.holds_instance() {
            return;
        }
        let thing = Arc::new(handed(&kept, &self.step(call.span, token)));
        if is_text {
            summary.decorations.push((format!("={token}").into(), thing));
        } else {
            summary.tokens.push((token.into(), thing));
        }
    }

    /// What a container gives that is told to keep this: the value itself, what a factory gives, an instance of a class.
    fn kept(&self, value: &'a Expression<'a>) -> Option<Arc<Thing>> {
        if let Expression::ObjectExpression(object) = value.get_inner_expression()
            && let Some(thing) = self.provided(object)
        {
            return Some(thing);
        }
        let thing = self.value(value)?;
        match thing.nature {
            Nature::Own | Nature::Holder => thing.gives.clone().or(Some(thing)),
            _ => Some(thing),
        }
    }

    /// `{ useValue: … }`, `{ useFactory: … }`, `{ useClass: … }`.
    pub(super) fn provided(&self, object: &'a ObjectExpression<'a>) -> Option<Arc<Thing>> {
        let property = |wanted: &str| {
            object.properties.iter().find_map(|property| match property {
                ObjectPropertyKind::ObjectProperty(property) => {
                    (property.key.static_name()? == wanted).then_some(&property.value)
                }
                ObjectPropertyKind::SpreadProperty(_) => None,
            })
        };
        let value = property("useValue").and_then(|value| self.value(value));
        let by_factory = || {
            let mut factories = ["useFactory", "useAsyncFactory"].into_iter();
            let factory = factories.find_map(|name| self.value(property(name)?))?;
            factory.gives.clone()
        };
        value
            .or_else(by_factory)
            .or_else(|| property("useClass").and_then(|class| self.value(class))?.instance())
    }

    /// What functions give that make the context of requests: `createContext`, `context: () => ({ redis })`.
    pub(super) fn give_contexts(&self, summary: &mut Summary) {
        let mut given = Vec::new();
        for (id, facts) in &self.functions {
            let name = self.bindings.function(*id).and_then(|function| function.name.as_deref());
            let makes_context = name.is_some_and(|name| name.to_lowercase().ends_with("context"));
            if let Some(gives) = facts.gives.as_ref().filter(|_| makes_context) {
                given.push((self.bindings.nodes.kind(*id).span(), gives.clone()));
            }
        }
        for node in self.bindings.nodes.iter() {
            let AstKind::ObjectProperty(property) = node.kind() else { continue };
            if property.key.static_name().as_deref() == Some("context")
                && let Some(thing) = self.value(&property.value)
            {
                given.push((property.span, thing));
            }
        }
        given.sort_by_key(|(span, _): &(oxc_span::Span, _)| span.start);
        for (span, thing) in given {
            for (name, member) in thing.members.iter().filter(|(_, one)| one.holds_instance()) {
                let thing = Arc::new(handed(member, &self.step(span, name)));
                summary.decorations.push((name.clone(), thing));
            }
        }
    }
}
