//! Maps and lists of clients: what is put into them, and what comes out.

use std::{borrow::Cow, sync::Arc};

use oxc_ast::ast::{CallExpression, ComputedMemberExpression, Expression, NewExpression};

use super::{
    binding::{Bindings, Field, Init, Shape, this_node},
    reading::Reading,
    thing::{Nature, Thing},
};

impl<'a> Bindings<'a> {
    /// `clients[name] = createClient()`
    pub(super) fn take_element(
        &mut self,
        target: &'a ComputedMemberExpression<'a>,
        value: &'a Expression<'a>,
    ) {
        if !target.expression.is_string_literal() {
            let shape = self.shape_of(&target.object).unwrap_or(Shape::Map);
            self.keep(&target.object, Init::Kept(shape, value));
        }
    }

    /// `clients.set(name, client)`, `clients.push(client)`
    pub(super) fn take_put(&mut self, call: &'a CallExpression<'a>) {
        let Some(method) = call.callee.get_inner_expression().as_member_expression() else {
            return;
        };
        let (shape, value) = match (method.static_property_name(), call.arguments.as_slice()) {
            (Some("set"), [_, value]) => (Shape::Map, value),
            (Some("push" | "unshift" | "add"), [value]) => (Shape::List, value),
            _ => return,
        };
        // A client has such methods too.
        if let Some(value) = value.as_expression()
            && self.shape_of(method.object()) == Some(shape)
        {
            self.keep(method.object(), Init::Kept(shape, value));
        }
    }

    /// What a name or a field of `this` is made as, if that is empty or holds others.
    fn shape_of(&self, list: &'a Expression<'a>) -> Option<Shape> {
        let list = list.get_inner_expression();
        if let Expression::Identifier(name) = list {
            let inits = self.inits(self.symbol(name)?);
            return inits.iter().find_map(|init| match init {
                Init::Value(value) => shape(value),
                _ => None,
            });
        }
        let (this, name) = field_of(list)?;
        let made_later = || {
            self.assigned.iter().find_map(|assigned| {
                let is_it = assigned.target.property.name == *name
                    && this_node(&assigned.target.object).is_some();
                is_it.then(|| shape(assigned.value)).flatten()
            })
        };
        self.field(this, &name).and_then(shape).or_else(made_later)
    }

    fn keep(&mut self, list: &'a Expression<'a>, init: Init<'a>) {
        let list = list.get_inner_expression();
        if let Expression::Identifier(name) = list {
            if let Some(symbol) = self.symbol(name) {
                self.inits.entry(symbol).or_default().push(init);
            }
        } else if let Some((this, name)) = field_of(list)
            && let Some(class) = this_node(this).and_then(|this| self.class_of_this(this))
        {
            let facts = self.classes.entry(class).or_default();
            facts.fields.push(Field { name, source: init, is_static: false });
        }
    }
}

/// `this.clients`, `this.#clients`: its object, and the name of the field.
fn field_of<'a>(expression: &'a Expression<'a>) -> Option<(&'a Expression<'a>, Cow<'a, str>)> {
    let (object, name) = match expression {
        Expression::StaticMemberExpression(member) => {
            (&member.object, Cow::Borrowed(member.property.name.as_str()))
        }
        Expression::PrivateFieldExpression(member) => {
            (&member.object, format!("#{}", member.field.name).into())
        }
        _ => return None,
    };
    this_node(object).is_some().then_some((object, name))
}

fn shape(value: &Expression<'_>) -> Option<Shape> {
    match value.get_inner_expression() {
        Expression::ArrayExpression(_) => Some(Shape::List),
        Expression::ObjectExpression(_) => Some(Shape::Map),
        Expression::NewExpression(new) => match &new.callee {
            Expression::Identifier(name) => match name.name.as_str() {
                "Map" | "WeakMap" => Some(Shape::Map),
                "Set" | "WeakSet" | "Array" => Some(Shape::List),
                _ => None,
            },
            _ => None,
        },
        Expression::CallExpression(call) => {
            (called(call) == Some(("Object", "create"))).then_some(Shape::Map)
        }
        _ => None,
    }
}

/// The name of an object, and that of its method that is called.
fn called<'e>(call: &'e CallExpression<'_>) -> Option<(&'e str, &'e str)> {
    let Expression::StaticMemberExpression(callee) = &call.callee else { return None };
    let Expression::Identifier(object) = &callee.object else { return None };
    Some((object.name.as_str(), callee.property.name.as_str()))
}

impl<'a> Reading<'a, '_> {
    /// A map or list into which this was put.
    pub(super) fn kept_in(&self, shape: Shape, value: &'a Expression<'a>) -> Option<Arc<Thing>> {
        let value = self.value(value)?;
        (value.holds_instance() || value.nature == Nature::Own).then(|| keep(shape, value))
    }

    /// `new Map([["a", client]])`
    pub(super) fn map_of(&self, new: &'a NewExpression<'a>, deep: usize) -> Option<Arc<Thing>> {
        let Expression::Identifier(name) = &new.callee else { return None };
        if !matches!(name.name.as_str(), "Map" | "WeakMap") {
            return None;
        }
        let first = new.arguments.first()?.as_expression()?;
        let held = self.evaluate(first, deep)?;
        match held.nature {
            Nature::Kept(_) => Some(held),
            _ => held.is_instance().then(|| keep(Shape::Map, held)),
        }
    }

    /// `Object.values(clients)`, `Object.entries(clients)`, `Array.from(clients.values())`
    pub(super) fn listed(&self, call: &'a CallExpression<'a>, deep: usize) -> Option<Arc<Thing>> {
        let listed = match called(call)? {
            ("Object", "values") => any_of,
            ("Object", "entries") => pair,
            ("Array", "from") => |list: &Arc<Thing>| element(list, None),
            _ => return None,
        };
        let map = self.evaluate(call.arguments.first()?.as_expression()?, deep)?;
        Some(keep(Shape::List, listed(&map)?))
    }
}

/// A map or list that holds this.
pub(super) fn keep(shape: Shape, held: Arc<Thing>) -> Arc<Thing> {
    let mut keep = held.turned(Nature::Kept(shape));
    keep.origin = None;
    keep.gives = Some(held);
    Arc::new(keep)
}

/// What a method of a map or list gives.
pub(super) fn out_of(list: &Arc<Thing>, method: &str) -> Option<Arc<Thing>> {
    match method {
        "get" | "at" | "pop" | "shift" | "find" | "findLast" => any_of(list),
        "values" => Some(keep(Shape::List, any_of(list)?)),
        "entries" => Some(keep(Shape::List, pair(list)?)),
        "filter" | "slice" | "reverse" | "sort" | "set" | "add" | "concat" => Some(list.clone()),
        _ => None,
    }
}

/// Any of what is held under keys that are not known.
pub(super) fn any_of(list: &Arc<Thing>) -> Option<Arc<Thing>> {
    match list.nature {
        Nature::Kept(_) => list.gives.clone(),
        Nature::Holder if list.members.values().all(|member| member.is_instance()) => {
            let mut any = (**list.members.values().next()?).clone();
            any.origin = None;
            Some(Arc::new(any))
        }
        Nature::Own => Some(list.clone()),
        // A list that is written out is what its elements are.
        _ => list.is_instance().then(|| list.clone()),
    }
}

/// A key and what is held under it.
fn pair(map: &Arc<Thing>) -> Option<Arc<Thing>> {
    Some(keep(Shape::Map, any_of(map)?))
}

/// What one has who goes through it, at a place of that if one is told: of a map these are pairs of a key and what it holds.
pub(super) fn element(list: &Arc<Thing>, at: Option<usize>) -> Option<Arc<Thing>> {
    match (&list.nature, at) {
        (Nature::Kept(Shape::Map), None) => Some(list.clone()),
        (Nature::Kept(Shape::Map), Some(0)) | (Nature::Holder, _) => None,
        _ => any_of(list),
    }
}
