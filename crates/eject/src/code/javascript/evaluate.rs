//! What expressions and types of a module stand for.
//!
//! Names are given their things round by round until nothing is new: the order of a module does not matter, and functions that call each
//! other end nothing.

use std::{collections::BTreeMap, sync::Arc};

use oxc_ast::ast::{
    ArrayExpressionElement, CallExpression, ChainElement, Expression, MemberExpression,
    ObjectExpression, ObjectPropertyKind, PropertyKind,
};
use oxc_span::GetSpan as _;

use super::{
    binding::{Init, callable, this_node},
    closure::handed_out,
    keep::{any_of, element, out_of},
    knowledge::knowledge,
    reading::Reading,
    request::ALL,
    thing::{Nature, Thing},
    types::holder,
    variable::last_name,
};

/// Expressions are followed so deep, and names are given things in so many rounds.
pub(super) const DEEPEST: usize = 40;

/// What was found with less than this left to descend may be less than there is.
pub(super) const SHALLOW: usize = 5;

impl<'a> Reading<'a, '_> {
    /// What a name is bound to.
    pub(super) fn init(&self, init: &Init<'a>) -> Option<Arc<Thing>> {
        match init {
            Init::Value(value) => self.value(value),
            Init::Part(of, name) => match self.init(of) {
                Some(thing) => thing.member(name).or_else(|| part(&thing)),
                None => self.decoration(name),
            },
            Init::Element(of, at) => element(&self.init(of)?, *at),
            Init::Kept(shape, value) => self.kept_in(*shape, value),
            Init::Function(function) => self.callable_thing(*function),
            Init::Class(class) => self.classes.get(class).cloned(),
            Init::Parameter(function, index) => self.given.get(&(*function, *index)).cloned(),
            Init::Injected(decorators) => {
                decorators.iter().find_map(|decorator| self.injected(decorator))
            }
            Init::Import { at, name } => self.import(*at, name),
            Init::Typed(of) => self.type_of(of, DEEPEST),
            Init::Alias(of) => {
                let gives = self.type_of(of, DEEPEST)?;
                let mut alias = gives.turned(Nature::Type);
                alias.gives = Some(gives);
                Some(Arc::new(alias))
            }
            Init::Interface(interface) => {
                let mut members = self.signatures(&interface.body.body, DEEPEST);
                let mut parents =
                    interface.extends.iter().filter_map(|parent| self.type_name(&parent.type_name));
                let parent = parents.find_map(|parent| parent.instance());
                let gives = match parent {
                    Some(parent) => {
                        let mut gives = (*parent).clone();
                        gives.members.append(&mut members);
                        gives
                    }
                    None => holder(members)?,
                };
                let mut thing = gives.turned(Nature::Type);
                thing.gives = Some(Arc::new(gives));
                Some(Arc::new(thing))
            }
        }
    }

    pub(super) fn value(&self, expression: &'a Expression<'a>) -> Option<Arc<Thing>> {
        self.evaluate(expression, DEEPEST)
    }

    pub(super) fn evaluate(
        &self,
        expression: &'a Expression<'a>,
        deep: usize,
    ) -> Option<Arc<Thing>> {
        let is_shared = matches!(
            expression,
            Expression::CallExpression(_)
                | Expression::NewExpression(_)
                | Expression::ChainExpression(_)
                | Expression::ObjectExpression(_)
                | Expression::ArrayExpression(_)
        );
        if !is_shared || deep < SHALLOW {
            return self.evaluate_anew(expression, deep);
        }
        let span = (expression.span().start, expression.span().end);
        if let Some(known) = self.known.borrow().get(&span) {
            return known.clone();
        }
        let thing = self.evaluate_anew(expression, deep);
        self.known.borrow_mut().insert(span, thing.clone());
        thing
    }

    pub(super) fn evaluate_anew(
        &self,
        expression: &'a Expression<'a>,
        deep: usize,
    ) -> Option<Arc<Thing>> {
        let deep = deep.checked_sub(1)?;
        match expression {
            Expression::Identifier(name) => match self.bindings.symbol(name) {
                Some(symbol) => self.things.get(&symbol).cloned(),
                None if self.decorations.is_some() => self.decoration(&format!("(){}", name.name)),
                None => None,
            },
            Expression::ThisExpression(_) => {
                let this = this_node(expression)?;
                match self.bindings.class_of_this(this) {
                    Some(class) => self.instances.get(&class).cloned(),
                    None => self.object(self.bindings.object_of_this(this)?, deep),
                }
            }
            Expression::ChainExpression(chain) => match &chain.expression {
                ChainElement::CallExpression(call) => self.call(call, deep),
                ChainElement::TSNonNullExpression(inner) => self.evaluate(&inner.expression, deep),
                other => self.member(other.as_member_expression()?, deep),
            },
            Expression::CallExpression(call) => self.call(call, deep),
            Expression::NewExpression(new) => {
                let callee = self.evaluate(&new.callee, deep);
                match callee {
                    Some(class) => self.constructed(&class, new.span, &new.arguments),
                    None => {
                        self.map_of(new, deep).or_else(|| self.constructed_elsewhere(new, deep))
                    }
                }
            }
            Expression::ImportExpression(import) => self.import(import.span.start, ALL),
            Expression::AwaitExpression(awaited) => self.evaluate(&awaited.argument, deep),
            Expression::ParenthesizedExpression(inner) => self.evaluate(&inner.expression, deep),
            Expression::TSAsExpression(cast) => self
                .evaluate(&cast.expression, deep)
                .or_else(|| self.type_of(&cast.type_annotation, deep)),
            Expression::TSSatisfiesExpression(cast) => self
                .evaluate(&cast.expression, deep)
                .or_else(|| self.type_of(&cast.type_annotation, deep)),
            Expression::TSTypeAssertion(cast) => self
                .evaluate(&cast.expression, deep)
                .or_else(|| self.type_of(&cast.type_annotation, deep)),
            Expression::TSNonNullExpression(inner) => self.evaluate(&inner.expression, deep),
            Expression::TSInstantiationExpression(inner) => self.evaluate(&inner.expression, deep),
            Expression::LogicalExpression(either) => {
                self.evaluate(&either.left, deep).or_else(|| self.evaluate(&either.right, deep))
            }
            Expression::ConditionalExpression(either) => self
                .evaluate(&either.consequent, deep)
                .or_else(|| self.evaluate(&either.alternate, deep)),
            Expression::AssignmentExpression(assignment) => self.evaluate(&assignment.right, deep),
            Expression::SequenceExpression(sequence) => {
                self.evaluate(sequence.expressions.last()?, deep)
            }
            Expression::ObjectExpression(object) => self.object(object, deep),
            Expression::ArrayExpression(array) => {
                array.elements.iter().find_map(|element| match element {
                    ArrayExpressionElement::SpreadElement(spread) => {
                        self.evaluate(&spread.argument, deep)
                    }
                    other => self.evaluate(other.as_expression()?, deep),
                })
            }
            Expression::FunctionExpression(_) | Expression::ArrowFunctionExpression(_) => {
                self.callable_thing(callable(expression)?)
            }
            Expression::ClassExpression(class) => self.classes.get(&class.node_id.get()).cloned(),
            other => self.member(other.as_member_expression()?, deep),
        }
    }

    /// An object of which some properties are things.
    fn object(&self, object: &'a ObjectExpression<'a>, deep: usize) -> Option<Arc<Thing>> {
        let mut members = BTreeMap::new();
        for property in &object.properties {
            match property {
                ObjectPropertyKind::ObjectProperty(property) => {
                    if let Some(name) = property.key.static_name()
                        && let Some(thing) = self.evaluate(&property.value, deep)
                    {
                        let is_getter = property.kind == PropertyKind::Get;
                        let given = if is_getter { thing.gives.clone() } else { None };
                        members.insert(Box::from(&*name), given.unwrap_or(thing));
                    }
                }
                ObjectPropertyKind::SpreadProperty(spread) => {
                    if let Some(thing) = self.evaluate(&spread.argument, deep) {
                        members.extend(thing.members.clone());
                    }
                }
            }
        }
        holder(members).map(Arc::new)
    }

    fn member(&self, member: &'a MemberExpression<'a>, deep: usize) -> Option<Arc<Thing>> {
        match member {
            MemberExpression::StaticMemberExpression(member) => {
                self.property(&member.object, member.property.name.as_str(), deep)
            }
            MemberExpression::PrivateFieldExpression(member) => {
                self.property(&member.object, &format!("#{}", member.field.name), deep)
            }
            MemberExpression::ComputedMemberExpression(member) => {
                if let Expression::StringLiteral(name) = &member.expression {
                    return self.property(&member.object, &name.value, deep);
                }
                // An element of a list is what its elements are.
                any_of(&self.evaluate(&member.object, deep)?)
            }
        }
    }

    pub(super) fn property(
        &self,
        object: &'a Expression<'a>,
        name: &str,
        deep: usize,
    ) -> Option<Arc<Thing>> {
        match self.evaluate(object, deep) {
            Some(thing) => thing.member(name),
            None if this_node(object).is_some() => None,
            None if self.bindings.is_exports(object) => self
                .bindings
                .assigned
                .iter()
                .find(|one| {
                    one.target.property.name == name && self.bindings.is_exports(&one.target.object)
                })
                .and_then(|one| self.evaluate(one.value, deep)),
            None => self.decoration(name),
        }
    }

    pub(super) fn call(&self, call: &'a CallExpression<'a>, deep: usize) -> Option<Arc<Thing>> {
        let name = last_name(&call.callee).unwrap_or_default();
        if matches!(call.callee, Expression::Identifier(_))
            && let Some(module) = self.import(call.span.start, ALL)
        {
            return Some(module);
        }
        if let Some(method) = call.callee.get_inner_expression().as_member_expression() {
            let object = self.evaluate(method.object(), deep);
            if let Some(given) = object.as_ref().and_then(|object| given_by(object, name)) {
                return given;
            }
            // A container that is given clients uses them, and gives them too.
            if object.as_ref().is_none_or(|object| object.nature == Nature::Own)
                && let Some(thing) = self.contained(call, name, deep)
            {
                return Some(thing);
            }
            if object.is_none()
                && let Some(thing) = self.resolved(call, name, deep)
            {
                return Some(thing);
            }
        }
        if let Some(list) = self.listed(call, deep) {
            return Some(list);
        }
        if name == "inject" && call.callee.get_inner_expression().is_identifier_reference() {
            return self.contained(call, name, deep);
        }
        if knowledge().interop.contains(name) {
            return self.evaluate(call.arguments.first()?.as_expression()?, deep);
        }
        if knowledge().transparent.contains(name)
            && let Some(same) =
                call.arguments.iter().find_map(|value| self.evaluate(value.as_expression()?, deep))
            && !matches!(same.nature, Nature::Own | Nature::Holder)
        {
            return Some(same);
        }
        self.called(call, deep)
    }

    /// What the function gives that is called.
    fn called(&self, call: &'a CallExpression<'a>, deep: usize) -> Option<Arc<Thing>> {
        // A method's object is not evaluated once more.
        let callee = match call.callee.get_inner_expression() {
            Expression::StaticMemberExpression(member) => {
                self.property(&member.object, member.property.name.as_str(), deep)
            }
            callee => self.evaluate(callee, deep),
        };
        match callee {
            Some(callee) => match &callee.nature {
                Nature::Foreign(_) => self.constructed(&callee, call.span, &call.arguments),
                Nature::Own if callee.is_open => callee.gives.clone().or(Some(callee)),
                Nature::Own | Nature::Holder => callee.gives.clone(),
                _ => None,
            },
            None => self.derived(&call.callee, &call.arguments, deep).or_else(|| {
                let within = self.bindings.within(call.node_id.get());
                self.enclosed(&call.callee, &call.arguments, within, deep)
            }),
        }
    }

    /// `moduleRef.get(TokenService)`: a container gives an instance of the class.
    fn resolved(
        &self,
        call: &'a CallExpression<'a>,
        name: &str,
        deep: usize,
    ) -> Option<Arc<Thing>> {
        let is_asked = matches!(name, "get" | "resolve" | "make" | "inject" | "create");
        if !is_asked || call.arguments.len() > 2 {
            return None;
        }
        let class = self.evaluate(call.arguments.first()?.as_expression()?, deep)?;
        let is_class = matches!(class.nature, Nature::Own | Nature::Foreign(_));
        class.gives.clone().filter(|_| is_class)
    }
}

/// What a method gives of an object that decides that alone.
#[expect(clippy::option_option, reason = "others decide; nothing; what it gives")]
fn given_by(object: &Arc<Thing>, method: &str) -> Option<Option<Arc<Thing>>> {
    match &object.nature {
        Nature::Made(_) if knowledge().batches.contains(method) => {
            Some(Some(Arc::new(object.turned(Nature::Batch))))
        }
        Nature::Made(_) if knowledge().chains.contains(method) => Some(Some(object.clone())),
        Nature::Batch => {
            let is_end =
                method.starts_with("exec") || matches!(method, "then" | "discard" | "toArray");
            Some((!is_end).then(|| object.clone()))
        }
        Nature::Method(_) if matches!(method, "bind" | "withOptions") => Some(Some(object.clone())),
        Nature::Made(_) => Some(handed_out(object, method)),
        Nature::Derived | Nature::Method(_) => Some(None),
        Nature::Kept(_) => Some(out_of(object, method)),
        _ => None,
    }
}

/// What is taken out of a thing that another package made of a client: `const { handlers, auth } = NextAuth({ adapter })`.
fn part(thing: &Arc<Thing>) -> Option<Arc<Thing>> {
    (thing.nature == Nature::Derived).then(|| {
        let mut part = thing.turned(Nature::Own);
        (part.is_open, part.is_given) = (true, false);
        Arc::new(part)
    })
}
