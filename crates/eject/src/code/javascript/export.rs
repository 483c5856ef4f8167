//! What a module exports, and what it gives to others on other ways.

use std::sync::Arc;

use oxc_ast::ast::{
    Argument, Declaration, ExportDefaultDeclarationKind, Expression, ModuleExportName,
    ObjectExpression, ObjectPropertyKind,
};
use oxc_syntax::{node::NodeId, symbol::SymbolId};

use super::{
    binding::{Call, Init, callable, class_expression},
    reading::Reading,
    request::ALL,
    spread::Summary,
    thing::{Nature, Thing},
    variable::last_name,
};

impl<'a> Reading<'a, '_> {
    /// Fills in the exports of the module.
    pub(super) fn export_all(&self, summary: &mut Summary) {
        for statement in &self.bindings.nodes.program().body {
            summary.is_esm |= statement
                .as_module_declaration()
                .is_some_and(oxc_ast::ast::ModuleDeclaration::is_export);
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
        // `module.exports = create("main"); module.exports.create = create;`
        if let Some(equals) = summary.equals.take_if(|_| !summary.exports.is_empty()) {
            let mut whole = (*equals).clone();
            whole.members.extend(summary.exports.clone());
            summary.equals = Some(Arc::new(whole));
        }
        summary.effects.clone_from(&self.effects);
    }

    pub(super) fn export_statement(
        &self,
        statement: &'a oxc_ast::ast::Statement<'a>,
        summary: &mut Summary,
    ) {
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
                summary.equals = self.value(&export.expression);
            }
            _ => {}
        }
    }

    pub(super) fn export_symbol(
        &self,
        name: &str,
        symbol: Option<SymbolId>,
        summary: &mut Summary,
    ) {
        if let Some(thing) = symbol.and_then(|symbol| self.thing(symbol)) {
            summary.exports.insert(name.into(), thing.clone());
        }
    }

    pub(super) fn export_value(
        &self,
        name: &str,
        value: &'a Expression<'a>,
        summary: &mut Summary,
    ) {
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

    pub(super) fn function_in(
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
}

/// Both of two values that one name may have.
pub(super) fn merged(first: &Arc<Thing>, second: &Arc<Thing>) -> Arc<Thing> {
    let mut both = (**first).clone();
    for (name, member) in &second.members {
        both.members.entry(name.clone()).or_insert_with(|| member.clone());
    }
    Arc::new(both)
}
