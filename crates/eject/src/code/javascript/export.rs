//! What a module exports, and what it gives to others on other ways.

use std::sync::Arc;

use oxc_ast::{
    AstKind,
    ast::{
        Argument, Declaration, ExportDefaultDeclarationKind, Expression, ModuleExportName,
        ObjectExpression, ObjectPropertyKind,
    },
};
use oxc_span::GetSpan as _;
use oxc_syntax::{node::NodeId, symbol::SymbolId};

use super::{
    binding::{Call, Init, callable, class_expression, root_identifier, this_node},
    evaluate::Reading,
    knowledge::knowledge,
    request::ALL,
    spread::{Given, Summary, Target},
    thing::{Nature, Thing},
    variable::last_name,
};

use crate::finding::Step;

impl<'a> Reading<'a, '_> {
    /// Fills in the exports of the module.
    pub(super) fn export_all(&self, summary: &mut Summary) {
        for statement in &self.bindings.nodes.program().body {
            summary.is_esm |= statement.as_module_declaration().is_some_and(|one| one.is_export());
            self.export_statement(statement, summary);
        }
        for assigned in &self.bindings.assigned {
            let target = assigned.target;
            let name = target.property.name.as_str();
            match &target.object {
                Expression::Identifier(object) if object.name == "module" && name == "exports" => {
                    let bound = || self.thing(assigned.bound?).cloned();
                    if let Some(thing) = self.value(assigned.value).or_else(bound) {
                        summary.equals = Some(match summary.equals.take() {
                            Some(known) => merged(&known, &thing),
                            None => thing,
                        });
                    }
                }
                object if self.bindings.is_exports(object) => {
                    self.export_value(name, assigned.value, summary);
                }
                _ => {}
            }
        }
        // `Object.assign(module.exports, require("./x"))` adds to what is exported.
        for (call, _) in &self.bindings.calls {
            let Call::Plain(call) = call else { continue };
            if last_name(&call.callee) != Some("assign") {
                continue;
            }
            let mut values = call.arguments.iter().filter_map(Argument::as_expression);
            let is_exports = values.next().and_then(last_name) == Some("exports");
            if is_exports {
                for thing in values.filter_map(|value| self.value(value)) {
                    for (name, member) in &thing.members {
                        summary.exports.entry(name.clone()).or_insert_with(|| member.clone());
                    }
                }
            }
        }
        summary.effects.clone_from(&self.effects);
    }

    fn export_statement(&self, statement: &'a oxc_ast::ast::Statement<'a>, summary: &mut Summary) {
        use oxc_ast::ast::Statement;
        match statement {
            Statement::ExportDeclaration(export) => match &export.declaration {
                Declaration::VariableDeclaration(variables) => {
                    for name in variables
                        .declarations
                        .iter()
                        .flat_map(|one| one.id.get_binding_identifiers())
                    {
                        self.export_symbol(&name.name, name.symbol_id.get(), summary);
                    }
                }
                other => {
                    if let Some(name) = other.id() {
                        self.export_symbol(&name.name, name.symbol_id.get(), summary);
                    }
                }
            },
            Statement::ExportNamedDeclaration(export) => {
                for one in &export.specifiers {
                    let local = match &one.local {
                        ModuleExportName::IdentifierReference(name) => self.bindings.symbol(name),
                        _ => None,
                    };
                    let local = local.or_else(|| self.bindings.top(&one.local.name()));
                    self.export_symbol(&one.exported.name(), local, summary);
                }
            }
            Statement::ExportFromDeclaration(export) => {
                for one in &export.specifiers {
                    if let Some(thing) = self.import(export.span.start, &one.local.name()) {
                        summary.exports.insert(Box::from(&*one.exported.name()), thing);
                    }
                }
            }
            Statement::ExportAllDeclaration(export) => {
                let at = export.span.start;
                match (&export.exported, self.import(at, ALL)) {
                    (_, None) => {}
                    (Some(name), Some(thing)) => {
                        summary.exports.insert(Box::from(&*name.name()), thing);
                    }
                    (None, Some(thing)) if matches!(thing.nature, Nature::Foreign(_)) => {
                        summary.star = Some(thing);
                    }
                    (None, Some(thing)) => {
                        for name in thing.members.keys().filter(|name| &***name != "default") {
                            if let Some(thing) = self.import(at, name) {
                                summary.exports.entry(name.clone()).or_insert(thing);
                            }
                        }
                    }
                }
            }
            Statement::ExportDefaultDeclaration(export) => {
                let thing = match &export.declaration {
                    ExportDefaultDeclarationKind::FunctionDeclaration(function) => {
                        self.function_thing(function.node_id.get())
                    }
                    ExportDefaultDeclarationKind::ClassDeclaration(class) => {
                        self.classes.get(&class.node_id.get()).cloned()
                    }
                    other => other.as_expression().and_then(|value| self.value(value)),
                };
                if let Some(thing) = thing {
                    summary.exports.insert("default".into(), thing);
                }
            }
            Statement::TSExportAssignment(export) => {
                summary.equals = self.value(&export.expression)
            }
            _ => {}
        }
    }

    fn export_symbol(&self, name: &str, symbol: Option<SymbolId>, summary: &mut Summary) {
        if let Some(thing) = symbol.and_then(|symbol| self.thing(symbol)) {
            summary.exports.insert(name.into(), thing.clone());
        }
    }

    fn export_value(&self, name: &str, value: &'a Expression<'a>, summary: &mut Summary) {
        if let Some(thing) = self.value(value) {
            summary.exports.insert(name.into(), thing);
        }
    }

    /// The functions that an export means: itself, or the constructor of its class.
    pub(super) fn functions_of_export(&self, name: &str) -> Vec<NodeId> {
        let of_class = |class: &NodeId| self.bindings.classes.get(class)?.constructor;
        let of_value = |value: &'a Expression<'a>| {
            callable(value).or_else(|| of_class(&class_expression(value)?))
        };
        let of_symbol = |symbol: SymbolId| -> Vec<NodeId> {
            let inits = self.bindings.inits(symbol).iter();
            inits
                .filter_map(|init| match init {
                    Init::Function(function) => Some(*function),
                    Init::Class(class) => of_class(class),
                    Init::Value(value) => of_value(value),
                    _ => None,
                })
                .collect()
        };
        let mut found = Vec::new();
        for node in &self.bindings.nodes.program().body {
            use oxc_ast::ast::Statement;
            match node {
                Statement::ExportDefaultDeclaration(export) if name == "default" => {
                    match &export.declaration {
                        ExportDefaultDeclarationKind::FunctionDeclaration(function) => {
                            found.push(function.node_id.get());
                        }
                        ExportDefaultDeclarationKind::ClassDeclaration(class) => {
                            found.extend(of_class(&class.node_id.get()));
                        }
                        other => match other.as_expression() {
                            Some(Expression::Identifier(name)) => {
                                found.extend(
                                    self.bindings.symbol(name).map(of_symbol).unwrap_or_default(),
                                );
                            }
                            Some(value) => found.extend(of_value(value)),
                            None => {}
                        },
                    }
                }
                Statement::ExportNamedDeclaration(export) => {
                    let local = export.specifiers.iter().find(|one| one.exported.name() == name);
                    let symbol = local.and_then(|one| self.bindings.top(&one.local.name()));
                    found.extend(symbol.map(of_symbol).unwrap_or_default());
                }
                _ => {}
            }
        }
        for assigned in &self.bindings.assigned {
            let is_whole = assigned.target.property.name == "exports" && name == "default";
            let is_named = self.bindings.is_exports(&assigned.target.object)
                && assigned.target.property.name == name;
            if is_whole || is_named {
                match assigned.value {
                    Expression::Identifier(name) => {
                        found.extend(self.bindings.symbol(name).map(of_symbol).unwrap_or_default());
                    }
                    value => found.extend(of_value(value)),
                }
            } else if assigned.target.property.name == "exports"
                && let Expression::ObjectExpression(object) = assigned.value
            {
                found.extend(self.function_in(object, name, &of_symbol));
            }
        }
        if found.is_empty() {
            found.extend(self.bindings.top(name).map(of_symbol).unwrap_or_default());
        }
        found
    }

    fn function_in(
        &self,
        object: &'a ObjectExpression<'a>,
        name: &str,
        of_symbol: &dyn Fn(SymbolId) -> Vec<NodeId>,
    ) -> Vec<NodeId> {
        let property = object.properties.iter().find_map(|property| match property {
            ObjectPropertyKind::ObjectProperty(property) if property.key.static_name()? == name => {
                Some(property)
            }
            _ => None,
        });
        match property.map(|property| &property.value) {
            Some(Expression::Identifier(name)) => {
                self.bindings.symbol(name).map(of_symbol).unwrap_or_default()
            }
            Some(value) => callable(value).into_iter().collect(),
            None => Vec::new(),
        }
    }

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
            if let Call::Plain(call) = call {
                self.put(call, summary);
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
    }

    /// A function of another module that is called, by its module and its exported name.
    fn callee_elsewhere(&self, callee: &'a Expression<'a>) -> Option<(u32, Box<str>)> {
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

    fn own_target(&self, at: u32) -> Option<u32> {
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
        use oxc_ast::ast::Statement;
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

    /// `fastify.decorate("redis", client)`, `app.set("redis", client)`, `register(fastifyRedis)`.
    fn put(&self, call: &'a oxc_ast::ast::CallExpression<'a>, summary: &mut Summary) {
        let name = last_name(&call.callee).unwrap_or_default();
        let mut put = |name: String, thing: &Arc<Thing>| {
            let step = self.step(call.span, &name);
            summary.decorations.push((name.into(), Arc::new(handed(thing, &step))));
        };
        match name {
            "decorate" | "decorateRequest" | "decorateReply" | "set" | "provide"
            | "registerInstance" | "register" | "bind" => {
                if let Some(Argument::StringLiteral(key)) = call.arguments.first()
                    && let Some(value) = call.arguments.get(1).and_then(Argument::as_expression)
                    && call.callee.get_inner_expression().as_member_expression().is_some()
                    && let Some(thing) = self.value(value).filter(|thing| thing.holds_instance())
                {
                    let is_property = name.starts_with("decorate");
                    put(
                        if is_property { key.value.to_string() } else { format!("={}", key.value) },
                        &thing,
                    );
                }
            }
            _ => {}
        }
        if name == "register"
            && let Some(Argument::ObjectExpression(object)) = call.arguments.first()
        {
            for property in &object.properties {
                let ObjectPropertyKind::ObjectProperty(property) = property else { continue };
                if let Some(key) = property.key.static_name()
                    && let Some(thing) = self.resolver(&property.value)
                {
                    put(key.into_owned(), &thing);
                }
            }
        }
        if knowledge().registers.contains(name) {
            for argument in call.arguments.iter().filter_map(Argument::as_expression) {
                let Some(thing) = self.value(argument) else { continue };
                if let Nature::Foreign(_) = thing.nature {
                    let known = knowledge()
                        .decorations
                        .iter()
                        .find(|known| known.package == thing.package.name);
                    if let Some(known) = known {
                        let mut client = thing.made("redis", None);
                        client.way = thing.way.after(self.step(call.span, "register"));
                        put(known.property.clone(), &Arc::new(client));
                    }
                }
            }
        }
        if name == "assign"
            && let Some(target) = call.arguments.first().and_then(Argument::as_expression)
            && !matches!(last_name(target), Some("exports" | "prototype"))
            && this_node(target).is_none()
        {
            for thing in
                call.arguments.iter().skip(1).filter_map(|value| self.value(value.as_expression()?))
            {
                for (name, member) in
                    thing.members.iter().filter(|(_, member)| member.holds_instance())
                {
                    put(name.to_string(), member);
                }
            }
        }
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
            let property = |wanted: &str| {
                object.properties.iter().find_map(|property| match property {
                    ObjectPropertyKind::ObjectProperty(property) => {
                        (property.key.static_name()? == wanted).then_some(&property.value)
                    }
                    ObjectPropertyKind::SpreadProperty(_) => None,
                })
            };
            let Some(token) = property("provide") else { continue };
            let token = match token.get_inner_expression() {
                Expression::StringLiteral(text) => text.value.to_string(),
                other => match last_name(other) {
                    Some(name) => name.to_owned(),
                    None => continue,
                },
            };
            let thing = property("useValue").and_then(|value| self.value(value)).or_else(|| {
                let factory = property("useFactory").and_then(|value| self.value(value))?;
                factory.gives.clone()
            });
            let thing = thing
                .or_else(|| property("useClass").and_then(|class| self.value(class))?.instance());
            if let Some(thing) = thing {
                let step = self.step(object.span, &token);
                summary.tokens.push((token.into(), Arc::new(handed(&thing, &step))));
            }
        }
    }
}

/// A thing that is handed on at a step.
fn handed(thing: &Thing, step: &Step) -> Thing {
    let mut handed = thing.clone();
    handed.way = thing.way.after(step.clone());
    handed.hops += 1;
    handed.is_given = true;
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

/// Both of two values that one name may have.
fn merged(first: &Arc<Thing>, second: &Arc<Thing>) -> Arc<Thing> {
    let mut both = (**first).clone();
    for (name, member) in &second.members {
        both.members.entry(name.clone()).or_insert_with(|| member.clone());
    }
    Arc::new(both)
}
