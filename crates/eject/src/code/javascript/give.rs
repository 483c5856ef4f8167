//! What a module gives to others on other ways than by exports: arguments, properties of servers, tokens.

use std::sync::Arc;

use oxc_ast::{
    AstKind,
    ast::{Argument, CallExpression, Expression, ObjectPropertyKind, Statement},
};
use oxc_span::GetSpan as _;

use super::{
    binding::{Call, Init, root_identifier, this_node},
    knowledge::knowledge,
    reading::Reading,
    request::{ALL, Manner},
    spread::{Given, Summary, Target},
    thing::{Nature, Thing},
    variable::last_name,
};
use crate::finding::Step;

/// A name, and what is reached by it.
type Named = (Box<str>, Arc<Thing>);

impl<'a> Reading<'a, '_> {
    /// Fills in what the module gives to functions of others, puts on servers and provides under tokens.
    pub(super) fn give_all(&self, summary: &mut Summary) {
        for (call, _) in &self.bindings.calls {
            let (callee, arguments) = match call {
                Call::Plain(call) => (&call.callee, &call.arguments),
                Call::New(new) => (&new.callee, &new.arguments),
            };
            if let Some((module, name)) = self.callee_elsewhere(callee) {
                for (index, argument) in arguments.iter().enumerate() {
                    let thing = argument.as_expression().and_then(|value| self.value(value));
                    if let Some(thing) = thing
                        .filter(|thing| thing.holds_instance() && thing.hops < self.around.depth)
                    {
                        let step = self.step(callee.span(), &name);
                        let thing = Arc::new(handed(&thing, &step));
                        summary.given.push(Given { module, name: name.clone(), index, thing });
                    }
                }
            }
            self.give_job(callee, arguments, summary);
            if let Call::Plain(call) = call {
                self.put(call, summary);
                self.contain(call, summary);
            }
        }
        self.pass_on(summary);
        for assigned in &self.bindings.assigned {
            let target = assigned.target;
            let name = last_name(&target.object);
            let is_own =
                this_node(&target.object).is_some() || self.bindings.is_exports(&target.object);
            if matches!(name, Some("exports" | "prototype")) || is_own {
                continue;
            }
            // What is put on a thing of the module's own is a member of it, and others import that.
            let root = root_identifier(&target.object);
            let is_shared = root.is_some_and(|root| {
                let symbol = self.bindings.symbol(root);
                symbol.is_none_or(|symbol| {
                    self.bindings.is_parameter(symbol) || self.thing(symbol).is_none()
                })
            });
            if let Some(thing) = self.value(assigned.value)
                && is_shared
                && thing.holds_instance()
            {
                let step = self.step(target.span, &target.property.name);
                let thing = Arc::new(handed(&thing, &step));
                summary.decorations.push((target.property.name.as_str().into(), thing));
            }
        }
        self.provide(summary);
        self.give_contexts(summary);
    }

    /// The job of a worker whose function is in a file that runs in a process of its own: `new Worker("mail", "./mail.js")`.
    fn give_job(
        &self,
        callee: &'a Expression<'a>,
        arguments: &'a [Argument<'a>],
        summary: &mut Summary,
    ) {
        let (Some(first), Some(last)) = (arguments.first(), arguments.last()) else { return };
        let span = first.span().start as usize..last.span().end as usize;
        let requests = &self.around.tree.modules[self.id as usize].requests;
        let files = requests.iter().enumerate().filter(|(_, request)| {
            request.manner == Manner::Path && span.contains(&(request.start() as usize))
        });
        for (index, _) in files {
            let Target::Own(module) = self.around.target(self.id, index) else { continue };
            let Some(job) = self.taken_job(callee, arguments) else { return };
            let thing = Arc::new(handed(&job, &self.step(callee.span(), "a job")));
            summary.given.push(Given { module, name: "default".into(), index: 0, thing });
        }
    }

    /// A function of another module that is called, by its module and its exported name.
    pub(super) fn callee_elsewhere(&self, callee: &'a Expression<'a>) -> Option<(u32, Box<str>)> {
        let (symbol, member) = match callee.get_inner_expression() {
            Expression::Identifier(name) => (self.bindings.symbol(name)?, None),
            Expression::StaticMemberExpression(member) => match &member.object {
                Expression::Identifier(name) => {
                    (self.bindings.symbol(name)?, Some(member.property.name.as_str()))
                }
                _ => return None,
            },
            // `require("./x")(client)`
            Expression::CallExpression(call) => {
                return Some((self.own_target(call.span.start)?, "default".into()));
            }
            _ => return None,
        };
        self.bindings.inits(symbol).iter().find_map(|init| {
            let (at, name) = match init {
                Init::Import { at, name } => (*at, &**name),
                Init::Value(Expression::CallExpression(call)) => (call.span.start, ALL),
                Init::Part(of, name) => match &**of {
                    Init::Value(Expression::CallExpression(call)) => (call.span.start, &**name),
                    _ => return None,
                },
                _ => return None,
            };
            let module = self.own_target(at)?;
            let name = match (name, member) {
                (ALL, None) => "default",
                (ALL, Some(member)) => member,
                (name, None) => name,
                (_, Some(_)) => return None,
            };
            Some((module, Box::from(name)))
        })
    }

    pub(super) fn own_target(&self, at: u32) -> Option<u32> {
        let requests = &self.around.tree.modules[self.id as usize].requests;
        requests.at(at).find_map(|index| match self.around.target(self.id, index) {
            Target::Own(module) => Some(module),
            _ => None,
        })
    }

    /// What this module was given for functions that it only exports from others.
    fn pass_on(&self, summary: &mut Summary) {
        let given = self.around.given_to(self.id);
        if given.is_empty() {
            return;
        }
        for statement in &self.bindings.nodes.program().body {
            let (at, names): (u32, Vec<(String, String)>) = match statement {
                Statement::ExportFromDeclaration(export) => {
                    let names = export
                        .specifiers
                        .iter()
                        .map(|one| (one.exported.name().to_string(), one.local.name().to_string()));
                    (export.span.start, names.collect())
                }
                Statement::ExportAllDeclaration(export) if export.exported.is_none() => {
                    let names =
                        given.iter().map(|given| (given.name.to_string(), given.name.to_string()));
                    (export.span.start, names.collect())
                }
                _ => continue,
            };
            let Some(module) = self.own_target(at) else { continue };
            for given in given {
                for (_, local) in names.iter().filter(|(exported, _)| **exported == *given.name) {
                    summary.given.push(Given {
                        module,
                        name: local.as_str().into(),
                        ..given.clone()
                    });
                }
            }
        }
    }

    /// What a call puts on servers, contexts and containers, under which names.
    fn put(&self, call: &'a CallExpression<'a>, summary: &mut Summary) {
        let name = last_name(&call.callee).unwrap_or_default();
        let put = self.put_by_name(call, name).into_iter().chain(match name {
            "register" => self.put_resolvers(call),
            "run" | "enterWith" => self.put_along_a_request(call),
            "assign" => self.put_by_assign(call),
            _ => Vec::new(),
        });
        let plugged = knowledge().registers.contains(name).then(|| self.put_by_plugins(call));
        for (name, thing) in put.chain(plugged.into_iter().flatten()) {
            let step = self.step(call.span, name.trim_start_matches('='));
            summary.decorations.push((name, Arc::new(handed(&thing, &step))));
        }
    }

    /// `fastify.decorate("redis", client)`, `app.set("redis", client)`
    fn put_by_name(&self, call: &'a CallExpression<'a>, method: &str) -> Option<Named> {
        let is_property = method.starts_with("decorate");
        let is_put = is_property
            || matches!(method, "set" | "provide" | "registerInstance" | "register" | "bind");
        call.callee.get_inner_expression().as_member_expression().filter(|_| is_put)?;
        let Some(Argument::StringLiteral(key)) = call.arguments.first() else { return None };
        let value = call.arguments.get(1).and_then(Argument::as_expression)?;
        let thing = self.value(value).filter(|thing| thing.holds_instance())?;
        let name = if is_property { key.value.to_string() } else { format!("={}", key.value) };
        Some((name.into(), thing))
    }

    /// `container.register({ redis: asFunction(makeRedis) })`
    fn put_resolvers(&self, call: &'a CallExpression<'a>) -> Vec<Named> {
        let Some(Argument::ObjectExpression(object)) = call.arguments.first() else {
            return Vec::new();
        };
        let resolvers = object.properties.iter().filter_map(|property| {
            let ObjectPropertyKind::ObjectProperty(property) = property else { return None };
            Some((Box::from(&*property.key.static_name()?), self.resolver(&property.value)?))
        });
        resolvers.collect()
    }

    /// `app.register(fastifyRedis)`: plugins that put a client under a name that is known, or several in it.
    fn put_by_plugins(&self, call: &'a CallExpression<'a>) -> Vec<Named> {
        let are_several = call.arguments.iter().any(|argument| {
            let Argument::ObjectExpression(options) = argument else { return false };
            options.properties.iter().any(|property| match property {
                ObjectPropertyKind::ObjectProperty(property) => {
                    property.key.static_name().as_deref() == Some("namespace")
                }
                ObjectPropertyKind::SpreadProperty(_) => false,
            })
        });
        let values = call.arguments.iter().filter_map(Argument::as_expression);
        let plugins = values.filter_map(|value| self.value(value)).filter_map(|thing| {
            let known = knowledge()
                .decorations
                .iter()
                .find(|known| known.package == thing.package.name)
                .filter(|_| matches!(thing.nature, Nature::Foreign(_)))?;
            let mut client = thing.made("redis", None);
            client.is_open = are_several;
            client.way = thing.way.after(self.step(call.span, "register"));
            Some((Box::from(known.property.as_str()), Arc::new(client)))
        });
        plugins.collect()
    }

    /// `storage.run({ redis }, next)` of what is kept along a request.
    fn put_along_a_request(&self, call: &'a CallExpression<'a>) -> Vec<Named> {
        let Some(Argument::ObjectExpression(_)) = call.arguments.first() else { return Vec::new() };
        let kept = call.arguments[0].as_expression().and_then(|kept| self.value(kept));
        kept.iter().flat_map(|kept| clients_of(kept)).collect()
    }

    /// `Object.assign(app, { redis })`
    fn put_by_assign(&self, call: &'a CallExpression<'a>) -> Vec<Named> {
        let target = call.arguments.first().and_then(Argument::as_expression);
        let is_shared = target.is_some_and(|target| {
            !matches!(last_name(target), Some("exports" | "prototype"))
                && this_node(target).is_none()
        });
        if !is_shared {
            return Vec::new();
        }
        let values = call.arguments.iter().skip(1).filter_map(Argument::as_expression);
        let things = values.filter_map(|value| self.value(value));
        things.flat_map(|thing| clients_of(&thing).collect::<Vec<_>>()).collect()
    }

    /// `asFunction(makeRedis).singleton()`: what a container gives under the name that this is registered by.
    fn resolver(&self, value: &'a Expression<'a>) -> Option<Arc<Thing>> {
        let Expression::CallExpression(call) = value.get_inner_expression() else { return None };
        let given = || self.value(call.arguments.first()?.as_expression()?);
        match last_name(&call.callee)? {
            "asFunction" | "asClass" => given()?.gives.clone(),
            "asValue" => given(),
            _ => match &call.callee {
                Expression::StaticMemberExpression(member) => self.resolver(&member.object),
                _ => None,
            },
        }
        .filter(|thing| thing.holds_instance() || thing.nature == Nature::Own)
    }

    /// `{ provide: "REDIS", useFactory: … }`
    fn provide(&self, summary: &mut Summary) {
        for node in self.bindings.nodes.iter() {
            let AstKind::ObjectExpression(object) = node.kind() else { continue };
            let token = object.properties.iter().find_map(|property| match property {
                ObjectPropertyKind::ObjectProperty(property) => {
                    (property.key.static_name()? == "provide").then_some(&property.value)
                }
                ObjectPropertyKind::SpreadProperty(_) => None,
            });
            let Some(token) = token else { continue };
            let token = match token.get_inner_expression() {
                Expression::StringLiteral(text) => text.value.to_string(),
                other => match last_name(other) {
                    Some(name) => name.to_owned(),
                    None => continue,
                },
            };
            let thing = self.provided(object);
            if let Some(thing) = thing {
                let step = self.step(object.span, &token);
                summary.tokens.push((token.into(), Arc::new(handed(&thing, &step))));
            }
        }
    }
}

/// The clients among the members of an object.
fn clients_of(thing: &Thing) -> impl Iterator<Item = Named> + '_ {
    let members = thing.members.iter().filter(|(_, member)| member.holds_instance());
    members.map(|(name, member)| (name.clone(), member.clone()))
}

/// A thing that is handed on at a step.
pub(super) fn handed(thing: &Thing, step: &Step) -> Thing {
    let mut handed = thing.clone();
    handed.way = thing.way.after(step.clone());
    handed.hops += 1;
    handed.is_given = true;
    if let (Nature::Kept(_), Some(held)) = (&thing.nature, &thing.gives) {
        handed.gives = Some(Arc::new(self::handed(held, step)));
    }
    handed.members = thing
        .members
        .iter()
        .map(|(name, member)| {
            let mut member = (**member).clone();
            member.way = member.way.after(step.clone());
            member.hops += 1;
            member.is_given = true;
            (name.clone(), Arc::new(member))
        })
        .collect();
    handed
}
