//! What constructors and factories give: those of packages, and what others make of a client or an address.

use std::sync::Arc;

use oxc_ast::ast::{Argument, Expression, NewExpression, ObjectPropertyKind};
use oxc_span::{GetSpan as _, Span};
use oxc_syntax::symbol::SymbolId;

use super::{
    binding::{Init, root_identifier},
    knowledge::knowledge,
    known::package_name,
    purpose::by_name,
    reading::Reading,
    spread::Target,
    thing::{Nature, Thing},
    variable::{is_address, last_name},
};
use crate::{
    catalogue::{Package, Role},
    finding::Store,
};

impl<'a> Reading<'a, '_> {
    /// What a constructor or factory gives.
    pub(super) fn constructed(
        &self,
        class: &Arc<Thing>,
        span: Span,
        arguments: &'a [Argument<'a>],
    ) -> Option<Arc<Thing>> {
        match &class.nature {
            Nature::Foreign(path) => {
                let name = class.class();
                let is_whole = path.is_empty() || &**path == "default";
                if is_whole && knowledge().gives_constructor.contains(&*class.package.name) {
                    let is_session = arguments.len() == 1
                        && !matches!(arguments.first(), Some(Argument::ObjectExpression(_)));
                    if is_session {
                        return Some(Arc::new(class.turned(Nature::Foreign("RedisStore".into()))));
                    }
                }
                let is_asked = || {
                    class.package.role == Role::Optional
                        && (self.gives_a_client(arguments)
                            || asks_for_store(class.package, arguments))
                };
                (makes(class, false) || is_asked()).then(|| {
                    let step = self.step(span, name);
                    let mut made = class.made(name, Some((self.id, span.start)));
                    made.way = class.way.after(step);
                    Arc::new(made)
                })
            }
            Nature::Own | Nature::Holder => class.gives.clone(),
            Nature::Derived => Some(class.clone()),
            _ => None,
        }
    }

    /// What a class gives of which nothing is known: one that is given a client, an address, or functions that use a client.
    pub(super) fn constructed_elsewhere(
        &self,
        new: &'a NewExpression<'a>,
        deep: usize,
    ) -> Option<Arc<Thing>> {
        // `new Proxy(client, …)` is what it stands before.
        if last_name(&new.callee) == Some("Proxy") {
            return self.evaluate(new.arguments.first()?.as_expression()?, deep);
        }
        self.derived(&new.callee, &new.arguments, deep)
            .or_else(|| self.addressed(&new.callee, &new.arguments, new.span))
            .or_else(|| {
                let within = self.bindings.within(new.node_id.get());
                self.enclosed(&new.callee, &new.arguments, within, deep)
            })
    }

    pub(super) fn gives_a_client(&self, arguments: &'a [Argument<'a>]) -> bool {
        arguments
            .iter()
            .filter_map(Argument::as_expression)
            .any(|value| self.value(value).is_some_and(|thing| thing.holds_instance()))
    }

    /// What another package makes of a client that it is given.
    pub(super) fn derived(
        &self,
        callee: &'a Expression<'a>,
        arguments: &'a [Argument<'a>],
        deep: usize,
    ) -> Option<Arc<Thing>> {
        let root = root_identifier(callee)?;
        let symbol = self.bindings.symbol(root)?;
        let is_foreign = self.bindings.inits(symbol).iter().any(|init| match init {
            Init::Import { at, .. } => self.around.is_outside(self.id, *at),
            Init::Value(value) => match value.get_inner_expression() {
                Expression::CallExpression(call) => {
                    self.around.is_outside(self.id, call.span.start)
                }
                _ => false,
            },
            _ => false,
        });
        if !is_foreign {
            return None;
        }
        let given = arguments.iter().find_map(|value| {
            let thing = self.evaluate(value.as_expression()?, deep)?;
            instance_in(&thing)
        })?;
        let mut derived = given.turned(Nature::Derived);
        derived.way = given.way.after(self.step(callee.span(), &root.name));
        Some(Arc::new(derived))
    }

    /// What another package makes that is given the address of a server.
    pub(super) fn addressed(
        &self,
        callee: &'a Expression<'a>,
        arguments: &'a [Argument<'a>],
        span: Span,
    ) -> Option<Arc<Thing>> {
        let store = arguments.iter().filter_map(Argument::as_expression).find_map(|value| {
            is_address(value).or_else(|| {
                let Expression::ObjectExpression(options) = value else { return None };
                options.properties.iter().find_map(|property| match property {
                    ObjectPropertyKind::ObjectProperty(property) => is_address(&property.value),
                    ObjectPropertyKind::SpreadProperty(_) => None,
                })
            })
        })?;
        let symbol = self.bindings.symbol(root_identifier(callee)?)?;
        let at = self.bindings.inits(symbol).iter().find_map(|init| match init {
            Init::Import { at, .. } => Some(*at),
            Init::Value(Expression::CallExpression(call)) => Some(call.span.start),
            _ => None,
        })?;
        let requests = &self.around.tree.modules[self.id as usize].requests;
        let index = requests.at(at).next()?;
        let specifier = requests.specifier(requests.get(index));
        let named = package_name(specifier)?;
        let builtin = [
            "url",
            "fs",
            "path",
            "util",
            "assert",
            "events",
            "http",
            "https",
            "net",
            "tls",
            "child_process",
            "worker_threads",
            "vm",
            "buffer",
        ];
        if builtin.contains(&named)
            || !matches!(self.around.target(self.id, index), Target::Outside)
        {
            return None;
        }
        let client = match store {
            Store::Redis => "redis",
            Store::Mongodb => "mongodb",
        };
        let package = super::known::imported(client)?;
        let way = super::thing::Way::default().after(self.step(Span::new(at, at), specifier));
        let class = last_name(callee)?;
        let mut made = Thing::new(
            Nature::Made(class.into()),
            package,
            named,
            way.after(self.step(span, class)),
        );
        made.origin = Some((self.id, span.start));
        made.purpose = by_name(named).or_else(|| by_name(class));
        Some(Arc::new(made))
    }
}

impl<'a> Reading<'a, '_> {
    /// `const connection = { host: process.env.REDIS_HOST, port }`: by what clients and queues are told their server.
    pub(super) fn connection(&self, symbol: SymbolId, inits: &[Init<'a>]) -> Option<Arc<Thing>> {
        let [Init::Value(value)] = inits else { return None };
        let Expression::ObjectExpression(object) = value.get_inner_expression() else {
            return None;
        };
        let name = self.bindings.scoping.symbol_name(symbol);
        if !knowledge().names_connection(name) {
            return None;
        }
        let mut store = None;
        for property in &object.properties {
            let ObjectPropertyKind::ObjectProperty(property) = property else { return None };
            let key = property.key.static_name()?;
            if !knowledge().connection_keys.contains(&*key) {
                return None;
            }
            store = store.or_else(|| is_address(&property.value));
        }
        let client = match store? {
            Store::Redis => "redis",
            Store::Mongodb => "mongodb",
        };
        let package = super::known::imported(client)?;
        let way = super::thing::Way::default().after(self.step(object.span, name));
        let made = Thing::new(Nature::Made("ConnectionOptions".into()), package, client, way);
        Some(Arc::new(made))
    }
}

/// A client, or one that an object holds.
fn instance_in(thing: &Arc<Thing>) -> Option<Arc<Thing>> {
    if thing.is_instance() {
        return Some(thing.clone());
    }
    match thing.nature {
        Nature::Holder => thing.members.values().find_map(instance_in),
        _ => None,
    }
}

/// Whether an export of a package makes something that uses the store.
pub(super) fn makes(thing: &Thing, is_given_a_client: bool) -> bool {
    let Nature::Foreign(path) = &thing.nature else { return false };
    let name = path.rsplit('.').next().unwrap_or_default();
    if path.split('.').any(|part| knowledge().makes_nothing.contains(part))
        || name.ends_with("Error")
    {
        return false;
    }
    thing.package.role != Role::Optional
        || is_given_a_client
        || thing.is_told
        || is_only(thing.package, path)
}

/// Whether a path of names is what of a package needs the store: `RateLimiterRedis`, `Transport.REDIS`.
pub(super) fn is_only(package: &Package, path: &str) -> bool {
    package.only.iter().any(|only| {
        path.strip_suffix(only.as_str())
            .is_some_and(|before| before.is_empty() || before.ends_with('.'))
    })
}

/// Whether options name what of a package needs the store: `{ redis: client }`, `{ driver: "redis" }`.
pub(super) fn asks_for_store(package: &Package, arguments: &[Argument<'_>]) -> bool {
    let is_only = |name: &str| package.only.iter().any(|only| only == name);
    arguments.iter().any(|argument| {
        let Argument::ObjectExpression(options) = argument else { return false };
        options.properties.iter().any(|property| {
            let ObjectPropertyKind::ObjectProperty(property) = property else { return false };
            property.key.static_name().is_some_and(|name| is_only(&name))
                || matches!(&property.value, Expression::StringLiteral(text) if is_only(&text.value))
        })
    })
}
