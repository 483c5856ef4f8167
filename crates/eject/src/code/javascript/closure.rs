//! Functions that are handed to others: what others make of those that use a client, and clients that are handed to them.

use std::{collections::HashMap, sync::Arc};

use oxc_ast::ast::{Argument, Expression};
use oxc_span::GetSpan as _;
use oxc_syntax::node::NodeId;

use super::{
    binding::{Call, Init, Shape, callable, root_identifier},
    give::handed,
    keep::{any_of, element},
    knowledge::knowledge,
    mention::leads,
    reading::Reading,
    thing::{Hand, Nature, Thing},
    variable::last_name,
};
use crate::catalogue::Role;

impl<'a> Reading<'a, '_> {
    /// What others make of functions that use a client: `createSessionStorage({ async readData() { … } })`,
    /// `fp(async (app) => …)`, `procedure.query(() => …)`. It uses the client too, whatever is asked of it.
    pub(super) fn enclosed(
        &self,
        callee: &'a Expression<'a>,
        arguments: &'a [Argument<'a>],
        within: Option<NodeId>,
        deep: usize,
    ) -> Option<Arc<Thing>> {
        // What a function makes within itself is told by that function.
        let name = last_name(callee)?;
        let makes_nothing = knowledge().passing.contains(name) || knowledge().each.contains(name);
        if within.is_some() || makes_nothing {
            return None;
        }
        let root = root_identifier(callee)?;
        let is_imported = match self.bindings.symbol(root) {
            Some(symbol) => self.bindings.inits(symbol).iter().any(|init| {
                matches!(init, Init::Import { .. } | Init::Part(..))
                    || matches!(init, Init::Value(value)
                        if matches!(value.get_inner_expression(), Expression::CallExpression(_) | Expression::NewExpression(_)))
            }),
            // A framework's own name, that it lets everybody call.
            None => root.name.starts_with("define"),
        };
        if !is_imported {
            return None;
        }
        let (first, gives) = arguments.iter().find_map(|argument| {
            let value = argument.as_expression()?;
            let thing = self.evaluate(value, deep).or_else(|| self.maker(value, deep))?;
            let function = callable(value).and(thing.gives.clone());
            uses_in(&thing).map(|uses| (uses, function))
        })?;
        let mut made = first.turned(Nature::Own);
        (made.gives, made.is_given, made.origin, made.is_open) = (gives, false, None, true);
        made.purpose.clone_from(&first.purpose);
        made.way = first.way.after(self.step(callee.span(), name));
        Some(Arc::new(made))
    }

    /// The function of the tree that makes an argument, and uses a client: `procedure.use(limited("read"))`.
    fn maker(&self, value: &'a Expression<'a>, deep: usize) -> Option<Arc<Thing>> {
        let Expression::CallExpression(call) = value.get_inner_expression() else { return None };
        self.evaluate(&call.callee, deep)
    }

    /// Functions that a client calls with a client: `pool.execute((client) => …)`, and those that are called for each of several.
    pub(super) fn handed_clients(
        &self,
        callee: &'a Expression<'a>,
        arguments: &'a [Argument<'a>],
    ) -> Vec<(NodeId, Arc<Thing>)> {
        let Some(method) = callee.get_inner_expression().as_member_expression() else {
            return Vec::new();
        };
        let name = last_name(callee).unwrap_or_default();
        let is_each = knowledge().each.contains(name);
        if !is_each && !knowledge().client_takers.contains(name) {
            return Vec::new();
        }
        let Some(object) = self.value(method.object()) else { return Vec::new() };
        if let (Nature::Kept(shape), true) = (&object.nature, is_each) {
            let is_map = *shape == Shape::Map && name == "forEach";
            let held = if is_map { any_of(&object) } else { element(&object, None) };
            let held = held.map(|held| Arc::new(Thing { is_given: true, ..(*held).clone() }));
            let values = arguments.iter().filter_map(Argument::as_expression);
            let functions = values.flat_map(|value| self.functions_of(value));
            return held.map_or_else(Vec::new, |held| {
                functions.map(|function| (function, held.clone())).collect()
            });
        }
        let hands = match object.nature {
            Nature::Made(_) => is_each || object.package.role == Role::Client,
            Nature::Derived => !is_each,
            _ => false,
        };
        if !hands {
            return Vec::new();
        }
        let nature = if is_each { object.nature.clone() } else { Nature::Made("client".into()) };
        let mut client = object.turned(nature);
        client.is_given = true;
        let client = Arc::new(client);
        let values = arguments.iter().filter_map(Argument::as_expression);
        let functions = values.flat_map(|value| self.functions_of(value));
        functions.map(|function| (function, client.clone())).collect()
    }

    /// The clients that functions of the module call functions with which they are given: `(work) => work(client)`.
    pub(super) fn hands(&self) -> HashMap<NodeId, Vec<Hand>> {
        let mut hands: HashMap<NodeId, Vec<Hand>> = HashMap::new();
        for (call, _) in &self.bindings.calls {
            let Call::Plain(call) = call else { continue };
            let Expression::Identifier(name) = call.callee.get_inner_expression() else { continue };
            let Some(symbol) = self.bindings.symbol(name) else { continue };
            let of = self.bindings.inits(symbol).iter().find_map(|init| match init {
                Init::Parameter(function, index) => Some((*function, *index)),
                _ => None,
            });
            let Some((of, function)) = of else { continue };
            for (index, argument) in call.arguments.iter().enumerate() {
                let client = argument.as_expression().and_then(|value| self.value(value));
                if let Some(client) = client.filter(|client| client.is_instance()) {
                    hands.entry(of).or_default().push(Hand { function, index, client });
                }
            }
        }
        hands
    }

    /// The functions that a callee of the tree calls with a client, and where among their arguments that is.
    pub(super) fn handed_on(
        &self,
        callee: &'a Expression<'a>,
        arguments: &'a [Argument<'a>],
    ) -> Vec<((NodeId, usize), Arc<Thing>)> {
        let Some(thing) = self.value(callee).filter(|thing| !thing.hands.is_empty()) else {
            return Vec::new();
        };
        let step = self.step(callee.span(), last_name(callee).unwrap_or_default());
        let found = thing.hands.iter().flat_map(|hand| {
            let value = arguments.get(hand.function).and_then(Argument::as_expression);
            let functions = value.map(|value| self.functions_of(value)).unwrap_or_default();
            let client = Arc::new(handed(&hand.client, &step));
            functions.into_iter().map(move |function| ((function, hand.index), client.clone()))
        });
        found.collect()
    }
}

/// What a method of a client gives that sends commands itself: a job of a queue, a lock that is held.
pub(super) fn handed_out(object: &Arc<Thing>, method: &str) -> Option<Arc<Thing>> {
    let known = knowledge()
        .handed
        .iter()
        .find(|known| known.purpose == object.package.purpose && known.methods.contains(method))?;
    Some(Arc::new(object.turned(Nature::Made(known.class.as_str().into()))))
}

/// The first function that uses a client of what is a function, or an object that holds some.
fn uses_in(thing: &Arc<Thing>) -> Option<Arc<Thing>> {
    match thing.nature {
        Nature::Own if leads(thing) => Some(thing.clone()),
        Nature::Holder => thing.members.values().find_map(uses_in),
        _ => None,
    }
}
