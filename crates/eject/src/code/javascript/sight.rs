//! What a module's lines say once it is known what its names stand for.

use std::{collections::HashSet, sync::Arc};

use oxc_ast::{
    AstKind,
    ast::{
        Argument, CallExpression, Class, Decorator, Expression, NewExpression, ObjectProperty,
        ObjectPropertyKind,
    },
};
use oxc_span::{GetSpan as _, Span};
use oxc_syntax::node::NodeId;

use super::{
    binding::{Call, Root, callable, this_node},
    construct::{asks_for_store, is_only, makes},
    key::{self, Command},
    knowledge::knowledge,
    purpose::{Verdict, by_constructor, by_key},
    reading::Reading,
    request::Manner,
    spread::Summary,
    thing::{Nature, Origin, Thing},
    variable::last_name,
};
use crate::{
    catalogue::{Package, Role},
    finding::{Kind, Life, Place, Step},
};

/// A finding of code, before it is known what a shared client is for.
#[derive(Clone)]
pub(super) struct Found {
    pub(super) kind: Kind,
    pub(super) package: &'static Package,
    pub(super) span: Span,
    pub(super) line: u32,
    pub(super) name: String,
    pub(super) verdict: Option<Verdict>,
    pub(super) life: Option<(Life, String)>,
    pub(super) chain: Vec<Step>,
    /// The client that is made here.
    pub(super) makes: Option<Origin>,
}

/// A use of a client, told to where that was made.
pub(super) struct Use {
    pub(super) origin: Option<Origin>,
    pub(super) package: &'static Package,
    pub(super) verdict: Verdict,
}

/// A use within the module, while its purpose is sought.
pub(super) struct Sighted {
    pub(super) found: Found,
    pub(super) within: Option<NodeId>,
    /// The first step to what is used: the import or the construction that it goes back to.
    pub(super) by: Option<Place>,
    pub(super) origin: Option<Origin>,
    pub(super) command: Option<Command>,
    /// Options ask for this store.
    pub(super) is_asked: bool,
    /// Clients that it is given.
    pub(super) given: Vec<(Option<Place>, Option<Origin>, &'static Package)>,
}

impl<'a> Reading<'a, '_> {
    /// Tells all that there is to tell of the module.
    pub(super) fn tell(&mut self) -> Summary {
        let mut given = Vec::new();
        for one in self.around.given_to(self.id) {
            given.push((self.functions_of_export(&one.name), one.index, one.thing.clone()));
        }
        self.settle(&given);
        let mut sighted = self.uses();
        self.judge(&mut sighted);
        // Now that functions have purposes, what they are exported as has them too.
        self.settle(&[]);
        let mut summary = Summary::default();
        self.export_all(&mut summary);
        self.give_all(&mut summary);
        summary.found = self.imports(&sighted);
        let of_wrappers = summary.found.iter().filter(|found| found.kind == Kind::Wrapper);
        let imported: HashSet<u32> = of_wrappers.map(|found| found.line).collect();
        for one in sighted {
            // The import of its type tells of what is called.
            let is_told = |by: &Place| *by.path == *self.file.path && imported.contains(&by.line);
            if one.found.kind == Kind::Wrapper && one.by.as_ref().is_some_and(is_told) {
                continue;
            }
            if let Some(verdict) = &one.found.verdict {
                for (_, origin, package) in &one.given {
                    summary.uses.push(Use { origin: *origin, package, verdict: verdict.clone() });
                }
                if one.found.kind == Kind::Command {
                    let (origin, package) = (one.origin, one.found.package);
                    summary.uses.push(Use { origin, package, verdict: verdict.clone() });
                }
            }
            summary.found.push(one.found);
        }
        summary
    }

    /// Constructions, commands, decorators, and calls of wrappers that no import shows.
    pub(super) fn uses(&self) -> Vec<Sighted> {
        let mut uses = Vec::new();
        for (call, within) in &self.bindings.calls {
            match call {
                Call::Plain(call) => uses.extend(self.call_use(call, *within)),
                Call::New(new) => uses.extend(self.new_use(new, *within)),
            }
        }
        for node in self.bindings.nodes.iter() {
            match node.kind() {
                AstKind::Decorator(decorator) => {
                    uses.extend(self.decorator_use(decorator, self.bindings.within(node.id())));
                }
                AstKind::Class(class) => uses.extend(self.class_use(node.id(), class)),
                AstKind::ObjectProperty(property) => {
                    uses.extend(self.chosen_use(node.id(), property));
                }
                _ => {}
            }
        }
        uses
    }

    pub(super) fn call_use(
        &self,
        call: &'a CallExpression<'a>,
        within: Option<NodeId>,
    ) -> Option<Sighted> {
        if let Expression::Super(_) = call.callee {
            return None;
        }
        let callee = self.value(&call.callee);
        if let Some(callee) = &callee {
            let name = last_name(&call.callee).unwrap_or_default();
            match &callee.nature {
                Nature::Method(method) => {
                    let command = key::command(method, &call.arguments, &self.bindings);
                    let mut sighted = self.sighted(Kind::Command, callee, call_span(call), within);
                    sighted.command = Some(command);
                    return Some(sighted);
                }
                Nature::Foreign(_) if self.is_decorator_call(call) => return None,
                Nature::Foreign(_) => {
                    let given = self.clients_in(&call.arguments);
                    let is_asked = asks_for_store(callee.package, &call.arguments);
                    if !makes(callee, is_asked || !given.is_empty()) {
                        return None;
                    }
                    let mut sighted = self.sighted(Kind::Client, callee, call.span, within);
                    sighted.found.verdict =
                        self.by_prefix(&call.arguments).or(sighted.found.verdict);
                    sighted.given = given;
                    sighted.is_asked = is_asked;
                    sighted.found.makes = Some((self.id, call.span.start));
                    return Some(sighted);
                }
                Nature::Own if self.is_hidden(callee) && callable(&call.callee).is_none() => {
                    let mut sighted = self.sighted(Kind::Wrapper, callee, call_span(call), within);
                    name.clone_into(&mut sighted.found.name);
                    return Some(sighted);
                }
                _ => {}
            }
        }
        if let Some(method) = self.method_as_value(call) {
            return Some(self.sighted(Kind::Command, &method, call.span, within));
        }
        // A method of what is gathered, or of a client behind a chain.
        if let Some(method) = call.callee.get_inner_expression().as_member_expression()
            && let name = last_name(&call.callee).unwrap_or("a command")
            && let Some(object) = self.value(method.object())
            && object.is_command(name)
        {
            let command = key::command(name, &call.arguments, &self.bindings);
            let mut sighted = self.sighted(Kind::Command, &object, call_span(call), within);
            sighted.command = Some(command);
            return Some(sighted);
        }
        self.registered(call, within)
    }

    /// `client.get.bind(client)`, `promisify(client.get)`: a command that is sent by another name.
    fn method_as_value(&self, call: &'a CallExpression<'a>) -> Option<Arc<Thing>> {
        let is_method = |thing: &Arc<Thing>| matches!(thing.nature, Nature::Method(_));
        if let Expression::StaticMemberExpression(member) = call.callee.get_inner_expression()
            && matches!(member.property.name.as_str(), "bind" | "call" | "apply")
        {
            return self.value(&member.object).filter(is_method);
        }
        let name = last_name(&call.callee)?;
        let first = call.arguments.first()?.as_expression()?;
        let is_wrapped = knowledge().transparent.contains(name);
        self.value(first).filter(|thing| is_wrapped && is_method(thing))
    }

    pub(super) fn is_decorator_call(&self, call: &CallExpression<'a>) -> bool {
        matches!(self.bindings.nodes.parent_kind(call.node_id.get()), AstKind::Decorator(_))
    }

    /// A constructor or plugin of a package that is given to somebody who will use it.
    pub(super) fn registered(
        &self,
        call: &'a CallExpression<'a>,
        within: Option<NodeId>,
    ) -> Option<Sighted> {
        let name = last_name(&call.callee)?;
        let direct = knowledge().registers.contains(name);
        call.arguments.iter().filter_map(Argument::as_expression).find_map(|argument| {
            let (thing, start) = match argument.get_inner_expression() {
                Expression::ObjectExpression(object) => {
                    object.properties.iter().find_map(|property| self.chosen_option(property))?
                }
                _ if direct => (self.value(argument)?, argument.span().start),
                _ => return None,
            };
            let is_asked = asks_for_store(thing.package, &call.arguments);
            let is_whole = matches!(thing.nature, Nature::Foreign(_)) && makes(&thing, is_asked);
            if !is_whole {
                return None;
            }
            let span = Span::new(start, argument.span().end);
            let mut sighted = self.sighted(Kind::Client, &thing, span, within);
            sighted.is_asked = is_asked;
            if is_asked {
                sighted.given = self.clients_in(&call.arguments);
            }
            Some(sighted)
        })
    }

    /// What an option names that may choose a store, and where: `transport: Transport.REDIS`.
    fn chosen_option(&self, property: &'a ObjectPropertyKind<'a>) -> Option<(Arc<Thing>, u32)> {
        let ObjectPropertyKind::ObjectProperty(property) = property else { return None };
        let is_option = knowledge().options.contains(&*property.key.static_name()?);
        let is_plain = matches!(
            property.value.get_inner_expression(),
            Expression::Identifier(_) | Expression::StaticMemberExpression(_)
        );
        let thing = self.value(&property.value).filter(|_| is_option && is_plain)?;
        Some((thing, property.span.start))
    }

    pub(super) fn new_use(
        &self,
        new: &'a NewExpression<'a>,
        within: Option<NodeId>,
    ) -> Option<Sighted> {
        let Some(class) = self.value(&new.callee) else {
            let made = self.addressed(&new.callee, &new.arguments, new.span)?;
            let mut sighted = self.sighted(Kind::Client, &made, new.span, within);
            sighted.found.makes = Some((self.id, new.span.start));
            return Some(sighted);
        };
        match &class.nature {
            Nature::Foreign(_) => {
                let given = self.clients_in(&new.arguments);
                let is_asked = asks_for_store(class.package, &new.arguments);
                if !makes(&class, is_asked || !given.is_empty()) {
                    return None;
                }
                let mut sighted = self.sighted(Kind::Client, &class, new.span, within);
                sighted.found.verdict = self.by_prefix(&new.arguments).or(sighted.found.verdict);
                sighted.given = given;
                sighted.is_asked = is_asked;
                sighted.found.makes = Some((self.id, new.span.start));
                Some(sighted)
            }
            // A class of the tree's own that is one of a package's makes a client as that does.
            Nature::Own
                if class
                    .gives
                    .as_ref()
                    .is_some_and(|gives| matches!(gives.nature, Nature::Made(_))) =>
            {
                let mut sighted = self.sighted(Kind::Client, &class, new.span, within);
                sighted.given = self.clients_in(&new.arguments);
                Some(sighted)
            }
            Nature::Own if self.is_hidden(&class) => {
                Some(self.sighted(Kind::Wrapper, &class, new.span, within))
            }
            _ => None,
        }
    }

    pub(super) fn decorator_use(
        &self,
        decorator: &'a Decorator<'a>,
        within: Option<NodeId>,
    ) -> Option<Sighted> {
        let callee = match &decorator.expression {
            Expression::CallExpression(call) => &call.callee,
            other => other,
        };
        let thing = self.value(callee)?;
        // Of a framework that may use another store, decorators are for all of them.
        let is_open = thing.package.role == Role::Optional && !makes(&thing, false);
        if !matches!(thing.nature, Nature::Foreign(_)) || is_open {
            return None;
        }
        let is_subscription = knowledge().subscriptions.contains(thing.class());
        let kind = if is_subscription { Kind::Command } else { Kind::Client };
        Some(self.sighted(kind, &thing, decorator.span, within))
    }

    /// `transport: Transport.REDIS`, `constructor: CatboxRedis` deep within options: what needs the store is chosen.
    fn chosen_use(&self, id: NodeId, property: &'a ObjectProperty<'a>) -> Option<Sighted> {
        let name = property.key.static_name()?;
        let is_name = matches!(property.value.get_inner_expression(), Expression::Identifier(_));
        let is_member =
            matches!(property.value.get_inner_expression(), Expression::StaticMemberExpression(_));
        // Options of a call are told with it.
        let nodes = self.bindings.nodes;
        let object = nodes.parent_id(id);
        let is_told = matches!(nodes.parent_kind(object), AstKind::CallExpression(_));
        if !is_name && !is_member || is_told || !knowledge().options.contains(&*name) {
            return None;
        }
        let thing = self.value(&property.value)?;
        let Nature::Foreign(path) = &thing.nature else { return None };
        let is_chosen = match thing.package.role {
            Role::Optional => is_only(thing.package, path),
            _ => is_name && makes(&thing, false),
        };
        let within = self.bindings.within(id);
        // The options beside it are those of what is chosen.
        let span = Span::new(property.span.start, nodes.kind(object).span().end);
        is_chosen.then(|| self.sighted(Kind::Client, &thing, span, within))
    }

    /// A class that is made from a class of a package.
    pub(super) fn class_use(&self, id: NodeId, class: &'a Class<'a>) -> Option<Sighted> {
        let heritage = &class.heritage.as_ref()?.expression;
        let thing = self.value(heritage)?;
        let makes_one = matches!(thing.nature, Nature::Foreign(_)) && makes(&thing, false);
        makes_one.then(|| {
            let mut sighted = self.sighted(Kind::Client, &thing, heritage.span(), None);
            let constructor = self.bindings.classes.get(&id).and_then(|facts| facts.constructor);
            for (call, within) in &self.bindings.calls {
                if let Call::Plain(call) = call
                    && matches!(call.callee, Expression::Super(_))
                    && *within == constructor
                {
                    sighted.given.extend(self.clients_in(&call.arguments));
                }
            }
            sighted
        })
    }

    pub(super) fn sighted(
        &self,
        kind: Kind,
        thing: &Thing,
        span: Span,
        within: Option<NodeId>,
    ) -> Sighted {
        let place = self.file.place(span.start as usize);
        let mut chain = thing.way.steps();
        chain.retain(|step| step.place.path != place.path || step.place.line != place.line);
        let name = thing.called.to_string();
        let verdict = match thing.nature {
            Nature::Foreign(_) => by_constructor(thing.package, thing.class()),
            _ => thing.purpose.clone(),
        };
        Sighted {
            found: Found {
                kind,
                package: thing.package,
                span,
                line: place.line,
                name,
                verdict,
                life: None,
                chain,
                makes: None,
            },
            within,
            by: thing.way.first().map(|step| step.place.clone()),
            origin: thing.origin,
            command: None,
            is_asked: false,
            given: Vec::new(),
        }
    }

    /// What the beginning of all keys says that a client is told: `keyPrefix: "sess:"`.
    fn by_prefix(&self, arguments: &'a [Argument<'a>]) -> Option<Verdict> {
        arguments.iter().find_map(|argument| {
            let Argument::ObjectExpression(options) = argument else { return None };
            options.properties.iter().find_map(|property| {
                let ObjectPropertyKind::ObjectProperty(property) = property else { return None };
                let is_prefix = knowledge().prefixes.contains(&*property.key.static_name()?);
                let value = Some(&property.value).filter(|_| is_prefix)?;
                by_key(&key::text(value, &self.bindings, 2)?)
            })
        })
    }

    /// Clients among arguments, and within their options.
    pub(super) fn clients_in(
        &self,
        arguments: &'a [Argument<'a>],
    ) -> Vec<(Option<Place>, Option<Origin>, &'static Package)> {
        let mut clients = Vec::new();
        for thing in arguments.iter().filter_map(|value| self.value(value.as_expression()?)) {
            collect_instances(&thing, &mut clients);
        }
        // A function among the options may send commands with a client that it mentions.
        if let (Some(first), Some(last)) = (arguments.first(), arguments.last()) {
            let span = Span::new(first.span().start, last.span().end);
            let from =
                self.bindings.mentions.partition_point(|mention| mention.span.start < span.start);
            let inside = self.bindings.mentions[from..].iter();
            for mention in inside.take_while(|mention| mention.span.start < span.end) {
                if let Root::Symbol(symbol) = mention.root
                    && let Some(thing) = self.thing(symbol)
                    && thing.is_instance()
                {
                    collect_instances(thing, &mut clients);
                }
            }
        }
        clients
    }

    /// Whether a thing of the tree came here without an import of values that shows it.
    pub(super) fn is_hidden(&self, thing: &Thing) -> bool {
        let Some(first) = thing.way.first() else { return false };
        if *first.place.path != *self.file.path {
            return true;
        }
        let at_place = self.requests_at.get(&(first.place.line, first.place.column));
        at_place == Some(&Manner::Type) || thing.is_given
    }
}

pub(super) fn collect_instances(
    thing: &Thing,
    into: &mut Vec<(Option<Place>, Option<Origin>, &'static Package)>,
) {
    if thing.is_instance() {
        into.push((thing.way.first().map(|step| step.place.clone()), thing.origin, thing.package));
    } else if thing.nature == Nature::Holder {
        thing.members.values().for_each(|member| collect_instances(member, into));
    } else if let (Nature::Kept(_), Some(held)) = (&thing.nature, &thing.gives) {
        collect_instances(held, into);
    }
}

/// Where a call of a method is: at the method's name, which in a chain is not where the chain begins.
pub(super) fn call_span(call: &CallExpression<'_>) -> Span {
    match call.callee.get_inner_expression() {
        Expression::StaticMemberExpression(member) if this_node(&member.object).is_none() => {
            let is_chained =
                matches!(member.object.get_inner_expression(), Expression::CallExpression(_));
            if is_chained {
                Span::new(member.property.span.start, call.span.end)
            } else {
                call.span
            }
        }
        _ => call.span,
    }
}
