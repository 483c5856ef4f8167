//! Classes: their fields, methods and constructors, however they are written.

use std::borrow::Cow;

use oxc_ast::ast::{
    Class, ClassElement, Expression, FormalParameter, MethodDefinition, MethodDefinitionKind,
    PropertyDefinition, PropertyKey,
};
use oxc_syntax::node::NodeId;

use super::super::binding::{Bindings, ClassFacts, Field, Init, Method, callable, this_node};

impl<'a> Bindings<'a> {
    pub(super) fn take_class(&mut self, id: NodeId, class: &'a Class<'a>) {
        let name = class.id.as_ref();
        self.begin(name.and_then(|name| name.symbol_id.get()), Init::Class(id));
        let facts = self.classes.entry(id).or_default();
        facts.class = Some(class);
        for element in &class.body.body {
            match element {
                ClassElement::MethodDefinition(method) => facts.take_method(method),
                ClassElement::PropertyDefinition(property) => facts.take_property(property),
                _ => {}
            }
        }
    }

    pub(super) fn add_field(
        &mut self,
        class: NodeId,
        name: Cow<'a, str>,
        value: &'a Expression<'a>,
    ) {
        self.classes.entry(class).or_default().take_value(name, value, false);
    }

    /// `this.x = …`, and functions that are used as classes: `X.prototype.m = function …`.
    pub(super) fn attach_prototypes(&mut self) {
        let mut methods = Vec::new();
        for assigned in &self.assigned {
            let Expression::StaticMemberExpression(prototype) = &assigned.target.object else {
                continue;
            };
            let (Expression::Identifier(name), "prototype") =
                (&prototype.object, prototype.property.name.as_str())
            else {
                continue;
            };
            let function = self.symbol(name).and_then(|symbol| {
                self.inits(symbol).iter().find_map(|init| match init {
                    Init::Function(function) => Some(*function),
                    Init::Value(value) => callable(value),
                    _ => None,
                })
            });
            if let (Some(class), Some(method)) = (function, callable(assigned.value)) {
                methods.push((class, assigned.target.property.name.as_str(), method));
            }
        }
        for (class, name, function) in methods {
            let facts = self.classes.entry(class).or_default();
            facts.methods.push(Method {
                name: name.into(),
                function,
                is_getter: false,
                is_static: false,
            });
            facts.constructor = Some(class);
            for of_class in [class, function] {
                if let Some(function) = self.functions.get_mut(&of_class) {
                    function.class = Some(class);
                }
            }
        }
        let assigned = std::mem::take(&mut self.assigned);
        for assigned in assigned {
            let name = Cow::Borrowed(assigned.target.property.name.as_str());
            match this_node(&assigned.target.object) {
                Some(this) => {
                    if let Some(class) = self.class_of_this(this) {
                        self.add_field(class, name, assigned.value);
                    }
                }
                None => self.assigned.push(assigned),
            }
        }
    }
}

impl<'a> ClassFacts<'a> {
    fn take_method(&mut self, method: &'a MethodDefinition<'a>) {
        let function = method.value.node_id.get();
        if method.kind == MethodDefinitionKind::Constructor {
            self.constructor = Some(function);
            for (index, param) in method.value.params.items.iter().enumerate() {
                self.take_parameter(function, index, param);
            }
        } else if let Some(name) = member_name(&method.key) {
            let is_getter = method.kind == MethodDefinitionKind::Get;
            let is_static = method.r#static;
            self.methods.push(Method { name, function, is_getter, is_static });
        }
    }

    /// `constructor(private readonly redis: Redis)`: a parameter that is a field.
    fn take_parameter(
        &mut self,
        constructor: NodeId,
        index: usize,
        param: &'a FormalParameter<'a>,
    ) {
        let is_property = param.accessibility.is_some() || param.readonly;
        let Some(name) = param.pattern.get_binding_identifier().filter(|_| is_property) else {
            return;
        };
        let name = Cow::Borrowed(name.name.as_str());
        if let Some(annotation) = &param.type_annotation {
            self.field(name.clone(), Init::Typed(&annotation.type_annotation), false);
        }
        if !param.decorators.is_empty() {
            self.field(name.clone(), Init::Injected(&param.decorators), false);
        }
        self.field(name, Init::Parameter(constructor, index), false);
    }

    /// Its value tells before its type does, and its type before its decorators.
    fn take_property(&mut self, property: &'a PropertyDefinition<'a>) {
        let Some(name) = member_name(&property.key) else { return };
        let is_static = property.r#static;
        if let Some(value) = &property.value {
            self.take_value(name.clone(), value, is_static);
        }
        if let Some(annotation) = &property.type_annotation {
            self.field(name.clone(), Init::Typed(&annotation.type_annotation), is_static);
        }
        if property.value.is_none() && !property.decorators.is_empty() {
            self.field(name, Init::Injected(&property.decorators), is_static);
        }
    }

    fn take_value(&mut self, name: Cow<'a, str>, value: &'a Expression<'a>, is_static: bool) {
        match callable(value) {
            Some(function) => {
                self.methods.push(Method { name, function, is_getter: false, is_static });
            }
            None => self.field(name, Init::Value(value), is_static),
        }
    }

    fn field(&mut self, name: Cow<'a, str>, source: Init<'a>, is_static: bool) {
        self.fields.push(Field { name, source, is_static });
    }
}

/// The name of a member; that of a private one begins with `#`.
fn member_name<'a>(key: &PropertyKey<'a>) -> Option<Cow<'a, str>> {
    match key.private_name() {
        Some(name) => Some(format!("#{name}").into()),
        None => key.static_name(),
    }
}
