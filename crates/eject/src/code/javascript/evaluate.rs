//! What expressions and types of a module stand for.
//!
//! Names are given their things round by round until nothing is new: the order of a module does not matter, and functions that call each
//! other end nothing.

use std::{
    cell::RefCell,
    collections::{BTreeMap, HashMap, HashSet},
    sync::Arc,
};

use oxc_ast::ast::{
    Argument, ArrayExpressionElement, AssignmentTarget, CallExpression, ChainElement, Decorator,
    Expression, MemberExpression, ObjectPropertyKind, TSImportTypeQualifier, TSSignature, TSType,
    TSTypeName, TSTypeQueryExprName,
};
use oxc_span::{GetSpan as _, Span};
use oxc_syntax::{node::NodeId, symbol::SymbolId};

use super::{
    binding::{
        Bindings, Call, Init, Mention, Root, callable, class_expression, root_identifier, this_node,
    },
    knowledge::knowledge,
    known::package_name,
    purpose::{Verdict, Votes, by_name},
    request::{ALL, Manner},
    resolve::ModuleId,
    spread::{Surroundings, Target},
    thing::{Nature, Thing},
    variable::{is_address, last_name},
};
use crate::{
    catalogue::{Package, Role},
    file::File,
    finding::{Step, Store},
};

/// Expressions are followed so deep, and names are given things in so many rounds.
const DEEPEST: usize = 40;
const ROUNDS: usize = 10;
/// What was found with less than this left to descend may be less than there is.
const SHALLOW: usize = 5;

/// What is known of a function: the first thing in it that leads to a package, and what it gives.
#[derive(Clone, Default)]
pub(super) struct FunctionFacts {
    pub(super) uses: Option<Arc<Thing>>,
    pub(super) gives: Option<Arc<Thing>>,
    /// What its uses are for, once they are known.
    pub(super) purpose: Option<Verdict>,
}

pub(super) struct Reading<'a, 'c> {
    pub(super) id: ModuleId,
    pub(super) file: &'c File,
    pub(super) bindings: Bindings<'a>,
    pub(super) around: &'c Surroundings<'c>,
    things: HashMap<SymbolId, Arc<Thing>>,
    pub(super) functions: HashMap<NodeId, FunctionFacts>,
    /// Of a class: itself, and `this` in it.
    pub(super) classes: HashMap<NodeId, Arc<Thing>>,
    instances: HashMap<NodeId, Arc<Thing>>,
    given: HashMap<(NodeId, usize), Arc<Thing>>,
    /// Routers and servers on which something is put that leads to a store.
    put_on: HashSet<SymbolId>,
    /// What calls and constructions were found to give since something was new: they stand within each other.
    known: RefCell<HashMap<(u32, u32), Option<Arc<Thing>>>>,
    /// What is put on servers and contexts of the module's package.
    decorations: Option<&'c HashMap<Box<str>, Arc<Thing>>>,
    /// Requests by the line and the column at which they stand.
    pub(super) requests_at: HashMap<(u32, u32), Manner>,
    /// What the top of the module does by itself.
    pub(super) effects: Option<Arc<Thing>>,
}

impl<'a, 'c> Reading<'a, 'c> {
    pub(super) fn new(
        id: ModuleId,
        file: &'c File,
        bindings: Bindings<'a>,
        around: &'c Surroundings<'c>,
    ) -> Self {
        Self {
            id,
            file,
            bindings,
            around,
            things: HashMap::new(),
            functions: HashMap::new(),
            classes: HashMap::new(),
            instances: HashMap::new(),
            given: HashMap::new(),
            put_on: HashSet::new(),
            known: RefCell::default(),
            decorations: around.decorations(id),
            requests_at: around.tree.modules[id as usize]
                .requests
                .iter()
                .map(|request| {
                    let place = file.place(request.start() as usize);
                    ((place.line, place.column), request.manner)
                })
                .collect(),
            effects: None,
        }
    }

    /// Gives names their things until nothing is new.
    pub(super) fn settle(&mut self, given: &[(Vec<NodeId>, usize, Arc<Thing>)]) {
        for (functions, index, thing) in given {
            for function in functions {
                self.given.entry((*function, *index)).or_insert_with(|| thing.clone());
            }
        }
        for _ in 0..ROUNDS {
            let mut is_new = self.settle_names();
            is_new |= self.settle_calls();
            self.known.get_mut().clear();
            is_new |= self.settle_functions();
            self.known.get_mut().clear();
            is_new |= self.settle_classes();
            self.known.get_mut().clear();
            if !is_new {
                break;
            }
        }
    }

    fn settle_names(&mut self) -> bool {
        let mut found = Vec::new();
        for (symbol, inits) in self.bindings.symbols() {
            let mut all = inits.iter().filter_map(|init| self.init(init));
            let Some(mut thing) = all.next() else { continue };
            // Its type says what it is, and who gives it says which one.
            if thing.is_instance()
                && thing.origin.is_none()
                && let Some(origin) = all.find_map(|other| other.origin)
            {
                thing = Arc::new(Thing { origin: Some(origin), ..(*thing).clone() });
            }
            if differs(self.things.get(&symbol), &thing) {
                found.push((symbol, thing));
            }
        }
        let is_new = !found.is_empty();
        self.things.extend(found);
        is_new
    }

    /// Parameters get what callers within the module give, and a server what is put on it.
    fn settle_calls(&mut self) -> bool {
        let (mut given, mut put_on) = (Vec::new(), Vec::new());
        for (call, within) in &self.bindings.calls {
            let (callee, arguments, span) = match call {
                Call::Plain(call) => (&call.callee, &call.arguments, call.span),
                Call::New(new) => (&new.callee, &new.arguments, new.span),
            };
            for function in self.functions_of(callee) {
                for (index, argument) in arguments.iter().enumerate() {
                    let Some(thing) = argument.as_expression().and_then(|value| self.value(value))
                    else {
                        continue;
                    };
                    if thing.holds_instance() && !self.given.contains_key(&(function, index)) {
                        given.push((
                            (function, index),
                            Arc::new(Thing { is_given: true, ..(*thing).clone() }),
                        ));
                    }
                }
            }
            if within.is_none()
                && let Call::Plain(call) = call
                && let Some(root) =
                    root_identifier(&call.callee).and_then(|root| self.bindings.symbol(root))
                && call.callee.get_inner_expression().as_member_expression().is_some()
                && (!self.things.contains_key(&root) || self.put_on.contains(&root))
                && self.is_made_here(root)
                && self.bindings.inits(root).iter().all(|init| self.init(init).is_none())
                && let Some(thing) = self.used_between(call.arguments_span().unwrap_or(span))
            {
                // Of all that is put on it, what is known for sure tells what it is for.
                let thing = Arc::new(thing.turned(Nature::Own));
                match put_on
                    .iter_mut()
                    .find(|(known, _): &&mut (SymbolId, Arc<Thing>)| *known == root)
                {
                    Some((_, known)) if score(known) < score(&thing) => *known = thing,
                    Some(_) => {}
                    None => put_on.push((root, thing)),
                }
            }
        }
        put_on.retain(|(root, thing)| differs(self.things.get(root), thing));
        let is_new = !given.is_empty() || !put_on.is_empty();
        self.put_on.extend(put_on.iter().map(|(root, _)| *root));
        self.given.extend(given);
        self.things.extend(put_on);
        is_new
    }

    /// Whether a name is bound to what a call made: a router, a server.
    fn is_made_here(&self, symbol: SymbolId) -> bool {
        self.bindings.inits(symbol).iter().any(|init| {
            let Init::Value(value) = init else { return false };
            let mut value = value.get_inner_expression();
            while let Expression::AssignmentExpression(assignment) = value {
                value = assignment.right.get_inner_expression();
            }
            matches!(
                value,
                Expression::CallExpression(_)
                    | Expression::NewExpression(_)
                    | Expression::AwaitExpression(_)
            )
        })
    }

    /// The functions of the module that a callee may be: its own ones, and constructors of its classes.
    fn functions_of(&self, callee: &'a Expression<'a>) -> Vec<NodeId> {
        let of_init = |init: &Init<'a>| match init {
            Init::Function(function) => Some(*function),
            Init::Class(class) => self.bindings.classes.get(class)?.constructor,
            Init::Value(value) => callable(value)
                .or_else(|| self.bindings.classes.get(&class_expression(value)?)?.constructor),
            _ => None,
        };
        match callee.get_inner_expression() {
            Expression::Identifier(name) => {
                let symbol = self.bindings.symbol(name);
                let inits = symbol.map_or(&[][..], |symbol| self.bindings.inits(symbol));
                inits.iter().filter_map(of_init).collect()
            }
            Expression::StaticMemberExpression(member) => self
                .bindings
                .method(&member.object, member.property.name.as_str())
                .into_iter()
                .collect(),
            _ => callable(callee).into_iter().collect(),
        }
    }

    fn settle_functions(&mut self) -> bool {
        let mut uses: HashMap<NodeId, Arc<Thing>> = HashMap::new();
        let mut effects = None;
        let mut use_at = |bindings: &Bindings<'a>, within: Option<NodeId>, thing: &Arc<Thing>| {
            if within.is_none() {
                effects.get_or_insert_with(|| thing.clone());
            }
            for function in bindings.around(within) {
                uses.entry(function).or_insert_with(|| thing.clone());
            }
        };
        for mention in &self.bindings.mentions {
            if let Some(thing) = self.mentioned(mention) {
                use_at(&self.bindings, mention.within, &thing);
            }
        }
        for (call, within) in &self.bindings.calls {
            if let Some(thing) = self.used_by_call(call) {
                use_at(&self.bindings, *within, &thing);
            }
        }
        self.effects = effects;
        let mut is_new = false;
        let ids: Vec<_> = self.bindings.functions.keys().copied().collect();
        for id in ids {
            let function = &self.bindings.functions[&id];
            let returned = function.returns.iter().find_map(|value| self.value(value));
            let gives = returned.or_else(|| {
                let annotation = function.return_type?;
                self.type_of(&annotation.type_annotation, DEEPEST)
            });
            let uses = uses.remove(&id);
            if uses.is_none() && gives.is_none() {
                continue;
            }
            let known = self.functions.entry(id).or_default();
            let is_same = known.uses.is_some() == uses.is_some()
                && known.gives.as_ref().map(|thing| thing.signature())
                    == gives.as_ref().map(|thing| thing.signature());
            if !is_same {
                is_new = true;
                known.uses = uses.or(known.uses.take());
                known.gives = gives;
            }
        }
        is_new
    }

    fn settle_classes(&mut self) -> bool {
        let mut is_new = false;
        let ids: Vec<_> = self.bindings.classes.keys().copied().collect();
        for id in ids {
            let Some((class, instance)) = self.class(id) else { continue };
            if differs(self.classes.get(&id), &class) || differs(self.instances.get(&id), &instance)
            {
                is_new = true;
                self.classes.insert(id, class);
                self.instances.insert(id, instance);
            }
        }
        is_new
    }

    /// A class and its instances.
    fn class(&self, id: NodeId) -> Option<(Arc<Thing>, Arc<Thing>)> {
        let facts = &self.bindings.classes[&id];
        let heritage = facts.class.and_then(|class| class.heritage.as_ref());
        let parent = heritage.and_then(|heritage| self.value(&heritage.expression));
        let (mut own, mut of_class) = (BTreeMap::new(), BTreeMap::new());
        // The instance leads to a store by what it does, or by what it keeps.
        let mut leads: Option<Arc<Thing>> = None;
        for field in &facts.fields {
            let Some(thing) = self.init(&field.source) else { continue };
            let is_typed = matches!(field.source, Init::Typed(_) | Init::Parameter(..));
            if !thing.is_given && (thing.is_instance() || !is_typed) {
                leads.get_or_insert_with(|| thing.clone());
            }
            let members = if field.is_static { &mut of_class } else { &mut own };
            members.entry(Box::from(&*field.name)).or_insert(thing);
        }
        for method in &facts.methods {
            let Some(thing) = self.function_thing(method.function) else { continue };
            leads = Some(thing.clone()).or(leads);
            let thing = if method.is_getter { thing.gives.clone().unwrap_or(thing) } else { thing };
            let members = if method.is_static { &mut of_class } else { &mut own };
            members.insert(Box::from(&*method.name), thing);
        }
        if let Some(constructor) =
            facts.constructor.and_then(|function| self.function_thing(function))
        {
            leads = leads.or(Some(constructor));
        }
        let decorators = facts.class.map_or(&[][..], |class| &class.decorators);
        leads = leads
            .or_else(|| decorators.iter().find_map(|decorator| self.used_between(decorator.span)));
        let base = parent.as_ref().and_then(|parent| match parent.nature {
            Nature::Foreign(_) => parent.instance(),
            _ => parent.gives.clone(),
        });
        let mut instance = match (&base, &leads) {
            (Some(base), _) => (**base).clone(),
            (None, Some(leads)) => leads.turned(Nature::Own),
            (None, None) => {
                let held = own.values().chain(of_class.values()).next()?;
                held.turned(Nature::Holder)
            }
        };
        if let Some(base) = &base {
            instance.members.clone_from(&base.members);
        }
        instance.members.extend(own);
        instance.purpose = instance.purpose.or_else(|| self.purpose_of_class(id));
        let instance = Arc::new(instance);
        let nature = if instance.nature == Nature::Holder { Nature::Holder } else { Nature::Own };
        let mut class = instance.turned(nature);
        if let Some(name) = facts.class.and_then(|class| class.id.as_ref()) {
            class.way = instance.way.clone().after(self.step(name.span, name.name.as_str()));
        }
        class.members = of_class;
        class.gives = Some(instance.clone());
        Some((Arc::new(class), instance))
    }

    fn purpose_of_class(&self, id: NodeId) -> Option<Verdict> {
        let mut votes = Votes::default();
        for method in &self.bindings.classes[&id].methods {
            if let Some(verdict) =
                self.functions.get(&method.function).and_then(|facts| facts.purpose.as_ref())
            {
                votes.add(verdict);
            }
        }
        votes.winner()
    }

    /// A function as a thing: one that leads to a package, or gives what does.
    pub(super) fn function_thing(&self, id: NodeId) -> Option<Arc<Thing>> {
        let facts = self.functions.get(&id)?;
        let of = facts.uses.as_ref().or(facts.gives.as_ref())?;
        let mut thing = of.turned(if facts.uses.is_some() { Nature::Own } else { Nature::Holder });
        thing.gives.clone_from(&facts.gives);
        thing.is_given = false;
        thing.purpose = facts.purpose.clone().or(thing.purpose);
        thing.origin = None;
        if let Some(name) = self.bindings.function(id).and_then(|function| function.name.as_ref()) {
            let span = self.bindings.nodes.kind(id).span();
            thing.way = thing.way.after(self.step(span, name));
        }
        Some(Arc::new(thing))
    }

    pub(super) fn step(&self, span: Span, name: &str) -> Step {
        Step { place: self.file.place(span.start as usize), name: name.to_owned() }
    }

    /// What is put on servers and contexts under a property.
    fn decoration(&self, name: &str) -> Option<Arc<Thing>> {
        self.decorations?.get(name).cloned()
    }

    pub(super) fn thing(&self, symbol: SymbolId) -> Option<&Arc<Thing>> {
        self.things.get(&symbol)
    }

    /// What is mentioned, if that leads to a store: not a type, nor a member that has nothing to do with it.
    pub(super) fn mentioned(&self, mention: &Mention<'a>) -> Option<Arc<Thing>> {
        let mut thing = match mention.root {
            Root::Symbol(symbol) => {
                // Who is only given a client uses it where a command is called.
                if self.bindings.is_parameter(symbol) {
                    return None;
                }
                self.things.get(&symbol)?
            }
            Root::This(class) => self.instances.get(&class)?,
        }
        .clone();
        for name in &mention.names {
            if matches!(thing.nature, Nature::Own | Nature::Holder) && !thing.members.is_empty() {
                thing = thing.member(name)?;
            } else {
                break;
            }
        }
        let is_bare_this = matches!(mention.root, Root::This(_)) && mention.names.is_empty();
        (leads(&thing) && !is_bare_this && !thing.is_given).then_some(thing)
    }

    /// The first thing that is mentioned in a part of the text.
    fn used_between(&self, span: Span) -> Option<Arc<Thing>> {
        let from =
            self.bindings.mentions.partition_point(|mention| mention.span.start < span.start);
        let within = self.bindings.mentions[from..]
            .iter()
            .take_while(|mention| mention.span.start < span.end);
        let mut used = within.filter_map(|mention| self.mentioned(mention));
        let first = used.next()?;
        let mut votes = Votes::default();
        for verdict in first
            .purpose
            .iter()
            .chain(used.filter_map(|thing| thing.purpose.clone()).collect::<Vec<_>>().iter())
        {
            votes.add(verdict);
        }
        Some(Arc::new(Thing { purpose: votes.winner(), ..(*first).clone() }))
    }

    /// What a call uses of a client that the function was given.
    fn used_by_call(&self, call: &Call<'a>) -> Option<Arc<Thing>> {
        match call {
            Call::Plain(call) => {
                let thing = self.value(&call.callee)?;
                matches!(thing.nature, Nature::Method(_) | Nature::Foreign(_) | Nature::Own)
                    .then_some(thing)
            }
            Call::New(new) => {
                let thing = self.value(&new.callee)?;
                matches!(thing.nature, Nature::Foreign(_)).then_some(thing)
            }
        }
        .filter(|thing| leads(thing))
    }

    /// What a name is bound to.
    pub(super) fn init(&self, init: &Init<'a>) -> Option<Arc<Thing>> {
        match init {
            Init::Value(value) => self.value(value),
            Init::Part(of, name) => match self.init(of) {
                Some(thing) => thing.member(name),
                None => self.decoration(name),
            },
            Init::Element(of) => {
                let thing = self.init(of)?;
                (thing.is_instance() || thing.nature == Nature::Own).then_some(thing)
            }
            Init::Function(function) => self.function_thing(*function),
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
                let parents =
                    interface.extends.iter().filter_map(|parent| self.type_name(&parent.type_name));
                let parent = parents.filter_map(|parent| parent.instance()).next();
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

    /// What is imported by the request at a byte.
    pub(super) fn import(&self, at: u32, name: &str) -> Option<Arc<Thing>> {
        let requests = &self.around.tree.modules[self.id as usize].requests;
        // A name that is made when it runs may be that of several modules.
        requests.at(at).find_map(|index| self.import_by(at, index, name))
    }

    fn import_by(&self, at: u32, index: usize, name: &str) -> Option<Arc<Thing>> {
        let requests = &self.around.tree.modules[self.id as usize].requests;
        let request = requests.get(index);
        let step = || self.step(Span::new(at, at), requests.specifier(request));
        match self.around.target(self.id, index) {
            Target::Foreign(package) => foreign(package, requests.specifier(request), name, step()),
            Target::Own(module) => {
                let thing = self.around.export(module, name)?;
                if thing.hops >= self.around.depth {
                    return None;
                }
                Some(Arc::new(imported(&thing, &step())))
            }
            Target::Outside => None,
        }
    }

    /// `@Inject(TOKEN)`, `@InjectQueue("…")`: what is given there.
    fn injected(&self, decorator: &'a Decorator<'a>) -> Option<Arc<Thing>> {
        let Expression::CallExpression(call) = &decorator.expression else {
            return self.injection(&decorator.expression, decorator.span);
        };
        if last_name(&call.callee) == Some("Inject") {
            let token = match call.arguments.first()? {
                Argument::StringLiteral(token) => token.value.to_string(),
                other => {
                    let value = other.as_expression()?;
                    // A class is its own token.
                    if let Some(instance) = self.value(value).and_then(|class| class.instance()) {
                        return Some(instance);
                    }
                    last_name(value)?.to_owned()
                }
            };
            return self.around.token(&token);
        }
        self.injection(&call.callee, decorator.span)
    }

    fn injection(&self, callee: &'a Expression<'a>, span: Span) -> Option<Arc<Thing>> {
        let thing = self.value(callee)?;
        let is_injection = knowledge().injections.contains(thing.class());
        is_injection.then(|| Arc::new(thing.made(thing.class(), Some((self.id, span.start)))))
    }

    pub(super) fn value(&self, expression: &'a Expression<'a>) -> Option<Arc<Thing>> {
        self.evaluate(expression, DEEPEST)
    }

    fn evaluate(&self, expression: &'a Expression<'a>, deep: usize) -> Option<Arc<Thing>> {
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

    fn evaluate_anew(&self, expression: &'a Expression<'a>, deep: usize) -> Option<Arc<Thing>> {
        let deep = deep.checked_sub(1)?;
        match expression {
            Expression::Identifier(name) => match self.bindings.symbol(name) {
                Some(symbol) => self.things.get(&symbol).cloned(),
                None if self.decorations.is_some() => self.decoration(&format!("(){}", name.name)),
                None => None,
            },
            Expression::ThisExpression(_) => {
                self.instances.get(&self.bindings.class_of_this(this_node(expression)?)?).cloned()
            }
            Expression::StaticMemberExpression(member) => {
                self.property(&member.object, member.property.name.as_str(), deep)
            }
            Expression::ComputedMemberExpression(member) => match &member.expression {
                Expression::StringLiteral(name) => self.property(&member.object, &name.value, deep),
                _ => {
                    let list = self.evaluate(&member.object, deep)?;
                    (list.nature == Nature::Own || list.is_instance()).then_some(list)
                }
            },
            Expression::PrivateFieldExpression(member) => {
                self.property(&member.object, &format!("#{}", member.field.name), deep)
            }
            Expression::ChainExpression(chain) => match &chain.expression {
                ChainElement::CallExpression(call) => self.call(call, deep),
                ChainElement::TSNonNullExpression(inner) => self.evaluate(&inner.expression, deep),
                other => match other.as_member_expression()? {
                    MemberExpression::StaticMemberExpression(member) => {
                        self.property(&member.object, member.property.name.as_str(), deep)
                    }
                    MemberExpression::PrivateFieldExpression(member) => {
                        self.property(&member.object, &format!("#{}", member.field.name), deep)
                    }
                    MemberExpression::ComputedMemberExpression(member) => {
                        match &member.expression {
                            Expression::StringLiteral(name) => {
                                self.property(&member.object, &name.value, deep)
                            }
                            _ => None,
                        }
                    }
                },
            },
            Expression::CallExpression(call) => self.call(call, deep),
            Expression::NewExpression(new) => {
                let callee = self.evaluate(&new.callee, deep);
                match callee {
                    Some(class) => self.constructed(&class, new.span, &new.arguments),
                    None => self
                        .derived(&new.callee, &new.arguments, deep)
                        .or_else(|| self.addressed(&new.callee, &new.arguments, new.span)),
                }
            }
            Expression::ImportExpression(import) => self.import(import.span.start, ALL),
            Expression::AwaitExpression(awaited) => self.evaluate(&awaited.argument, deep),
            Expression::ParenthesizedExpression(inner) => self.evaluate(&inner.expression, deep),
            Expression::TSAsExpression(cast) => self
                .evaluate(&cast.expression, deep)
                .or_else(|| self.type_of(&cast.type_annotation, deep)),
            Expression::TSSatisfiesExpression(cast) => self.evaluate(&cast.expression, deep),
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
            Expression::AssignmentExpression(assignment) => match &assignment.left {
                AssignmentTarget::AssignmentTargetIdentifier(_) => {
                    self.evaluate(&assignment.right, deep)
                }
                _ => self.evaluate(&assignment.right, deep),
            },
            Expression::SequenceExpression(sequence) => {
                self.evaluate(sequence.expressions.last()?, deep)
            }
            Expression::ObjectExpression(object) => {
                let mut members = BTreeMap::new();
                for property in &object.properties {
                    match property {
                        ObjectPropertyKind::ObjectProperty(property) => {
                            if let Some(name) = property.key.static_name()
                                && let Some(thing) = self.evaluate(&property.value, deep)
                            {
                                let is_getter = property.kind == oxc_ast::ast::PropertyKind::Get;
                                let thing = if is_getter {
                                    thing.gives.clone().unwrap_or(thing)
                                } else {
                                    thing
                                };
                                members.insert(Box::from(&*name), thing);
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
            Expression::ArrayExpression(array) => {
                array.elements.iter().find_map(|element| match element {
                    ArrayExpressionElement::SpreadElement(spread) => {
                        self.evaluate(&spread.argument, deep)
                    }
                    other => self.evaluate(other.as_expression()?, deep),
                })
            }
            Expression::FunctionExpression(_) | Expression::ArrowFunctionExpression(_) => {
                self.function_thing(callable(expression)?)
            }
            Expression::ClassExpression(class) => self.classes.get(&class.node_id.get()).cloned(),
            _ => None,
        }
    }

    fn property(&self, object: &'a Expression<'a>, name: &str, deep: usize) -> Option<Arc<Thing>> {
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

    fn call(&self, call: &'a CallExpression<'a>, deep: usize) -> Option<Arc<Thing>> {
        let name = last_name(&call.callee).unwrap_or_default();
        if matches!(call.callee, Expression::Identifier(_))
            && let Some(module) = self.import(call.span.start, ALL)
        {
            return Some(module);
        }
        if let Some(method) = call.callee.get_inner_expression().as_member_expression() {
            let object = self.evaluate(method.object(), deep);
            if let Some(object) = &object {
                match &object.nature {
                    Nature::Made(_) if knowledge().batches.contains(name) => {
                        return Some(Arc::new(object.turned(Nature::Batch)));
                    }
                    Nature::Made(_) if knowledge().chains.contains(name) => {
                        return Some(object.clone());
                    }
                    Nature::Batch => {
                        let is_end = name.starts_with("exec")
                            || matches!(name, "then" | "discard" | "toArray");
                        return (!is_end).then(|| object.clone());
                    }
                    Nature::Method(_) if matches!(name, "bind" | "withOptions") => {
                        return Some(object.clone());
                    }
                    Nature::Made(_) | Nature::Derived | Nature::Method(_) => return None,
                    _ => {}
                }
            }
            if object.is_none() {
                if matches!(name, "get" | "use" | "resolve" | "make" | "inject")
                    && let Some(Argument::StringLiteral(key)) = call.arguments.first()
                {
                    return self
                        .decoration(&format!("={}", key.value))
                        .or_else(|| self.around.token(&key.value));
                }
                // `moduleRef.get(TokenService)`: a container gives an instance of the class.
                if matches!(name, "get" | "resolve" | "make" | "inject" | "create")
                    && call.arguments.len() <= 2
                    && let Some(class) = call.arguments.first().and_then(Argument::as_expression)
                    && let Some(class) = self.evaluate(class, deep)
                    && matches!(class.nature, Nature::Own | Nature::Foreign(_))
                    && class.gives.is_some()
                {
                    return class.gives.clone();
                }
            }
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
                Nature::Own | Nature::Holder => callee.gives.clone(),
                _ => None,
            },
            None => self.derived(&call.callee, &call.arguments, deep),
        }
    }

    /// What a constructor or factory gives.
    fn constructed(
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

    fn gives_a_client(&self, arguments: &'a [Argument<'a>]) -> bool {
        arguments
            .iter()
            .filter_map(Argument::as_expression)
            .any(|value| self.value(value).is_some_and(|thing| thing.holds_instance()))
    }

    /// What another package makes of a client that it is given.
    fn derived(
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
            self.instance_in(&thing)
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
        let called = package_name(specifier)?;
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
        if builtin.contains(&called)
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
            called,
            way.after(self.step(span, class)),
        );
        made.origin = Some((self.id, span.start));
        made.purpose = by_name(called).or_else(|| by_name(class));
        Some(Arc::new(made))
    }

    fn instance_in(&self, thing: &Arc<Thing>) -> Option<Arc<Thing>> {
        if thing.is_instance() {
            return Some(thing.clone());
        }
        match thing.nature {
            Nature::Holder => thing.members.values().find_map(|member| self.instance_in(member)),
            _ => None,
        }
    }

    /// What has a type.
    fn type_of(&self, of: &'a TSType<'a>, deep: usize) -> Option<Arc<Thing>> {
        let deep = deep.checked_sub(1)?;
        match of {
            TSType::TSTypeReference(reference) => {
                let first = reference
                    .type_arguments
                    .as_ref()
                    .and_then(|arguments| arguments.params.first());
                if let Some(thing) = self.type_name(&reference.type_name) {
                    return thing.instance();
                }
                let TSTypeName::IdentifierReference(name) = &reference.type_name else {
                    return None;
                };
                match name.name.as_str() {
                    "ReturnType" => {
                        let function = self.type_of(first?, deep)?;
                        match &function.nature {
                            Nature::Foreign(_) => function.instance(),
                            _ => function.gives.clone(),
                        }
                    }
                    "InstanceType" => {
                        let class = self.type_of(first?, deep)?;
                        class.instance().or_else(|| class.gives.clone())
                    }
                    "Promise" | "Awaited" | "Partial" | "Required" | "Readonly" | "Omit"
                    | "Pick" | "NonNullable" | "Ref" | "MaybeRef" | "PromiseLike" | "Nullable"
                    | "Maybe" | "Optional" | "Lazy" | "Type" | "Array" | "ReadonlyArray"
                    | "Set" | "WeakRef" | "ShallowRef" => self.type_of(first?, deep),
                    _ => None,
                }
            }
            TSType::TSTypeQuery(query) => match &query.expr_name {
                TSTypeQueryExprName::TSImportType(_) => None,
                other => self.type_name(other.as_ts_type_name()?),
            },
            TSType::TSImportType(import) => {
                let name = match import.qualifier.as_ref()? {
                    TSImportTypeQualifier::Identifier(name) => name.name.as_str(),
                    TSImportTypeQualifier::QualifiedName(name) => name.right.name.as_str(),
                };
                self.import(import.span.start, name)?.instance()
            }
            TSType::TSUnionType(union) => {
                union.types.iter().find_map(|one| self.type_of(one, deep))
            }
            TSType::TSIntersectionType(both) => {
                let mut all = both.types.iter().filter_map(|one| self.type_of(one, deep));
                let mut first = (*all.next()?).clone();
                all.for_each(|more| first.members.extend(more.members.clone()));
                Some(Arc::new(first))
            }
            TSType::TSParenthesizedType(inner) => self.type_of(&inner.type_annotation, deep),
            TSType::TSTypeOperatorType(operator) => self.type_of(&operator.type_annotation, deep),
            TSType::TSArrayType(list) => self.type_of(&list.element_type, deep),
            TSType::TSTypeLiteral(literal) => {
                holder(self.signatures(&literal.members, deep)).map(Arc::new)
            }
            TSType::TSFunctionType(function) => {
                let gives = self.type_of(&function.return_type.type_annotation, deep)?;
                let mut thing = gives.turned(Nature::Holder);
                thing.gives = Some(gives);
                Some(Arc::new(thing))
            }
            TSType::TSIndexedAccessType(access) => {
                let of = self.type_of(&access.object_type, deep)?;
                let TSType::TSLiteralType(literal) = &access.index_type else { return None };
                match &literal.literal {
                    oxc_ast::ast::TSLiteral::StringLiteral(name) => of.member(&name.value),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    fn type_name(&self, name: &TSTypeName<'a>) -> Option<Arc<Thing>> {
        match name {
            TSTypeName::IdentifierReference(name) => {
                self.things.get(&self.bindings.symbol(name)?).cloned()
            }
            TSTypeName::QualifiedName(qualified) => {
                self.type_name(&qualified.left)?.member(qualified.right.name.as_str())
            }
            TSTypeName::ThisExpression(_) => None,
        }
    }

    fn signatures(
        &self,
        signatures: &'a [TSSignature<'a>],
        deep: usize,
    ) -> BTreeMap<Box<str>, Arc<Thing>> {
        let members = signatures.iter().filter_map(|signature| match signature {
            TSSignature::TSPropertySignature(property) => {
                let name = property.key.static_name()?;
                let of = &property.type_annotation.as_ref()?.type_annotation;
                Some((Box::from(&*name), self.type_of(of, deep)?))
            }
            TSSignature::TSMethodSignature(method) => {
                let name = method.key.static_name()?;
                let gives = self.type_of(&method.return_type.as_ref()?.type_annotation, deep)?;
                let mut thing = gives.turned(Nature::Holder);
                thing.gives = Some(gives);
                Some((Box::from(&*name), Arc::new(thing)))
            }
            _ => None,
        });
        members.collect()
    }
}

fn score(thing: &Thing) -> u32 {
    thing.purpose.as_ref().map_or(0, |verdict| verdict.score)
}

fn differs(known: Option<&Arc<Thing>>, thing: &Arc<Thing>) -> bool {
    known.is_none_or(|known| !Arc::ptr_eq(known, thing) && known.signature() != thing.signature())
}

/// An object with these members; none if there are none.
fn holder(members: BTreeMap<Box<str>, Arc<Thing>>) -> Option<Thing> {
    // The member that leads furthest tells the way.
    let telling = members.values().max_by_key(|member| u8::from(leads(member)))?;
    let mut holder = telling.turned(Nature::Holder);
    holder.is_given = members.values().all(|member| member.is_given);
    holder.members = members;
    Some(holder)
}

/// Whether the use of a thing is a use of the store.
pub(super) fn leads(thing: &Thing) -> bool {
    match &thing.nature {
        Nature::Foreign(_) => makes(thing, false),
        Nature::Type => false,
        Nature::Holder => {
            thing.members.values().any(|member| leads(member))
                || thing.gives.as_ref().is_some_and(|gives| leads(gives) && gives.origin.is_some())
        }
        _ => true,
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

/// An export of a package, as a name is bound to it.
fn foreign(
    package: &'static Package,
    specifier: &str,
    name: &str,
    step: Step,
) -> Option<Arc<Thing>> {
    let path = if name == ALL { "" } else { name };
    let way = super::thing::Way::default().after(step);
    let called = package_name(specifier).unwrap_or(&package.name);
    // What needs the store may be a part of the package that has a name of its own: `unstorage/drivers/redis`.
    let is_told =
        package.role == Role::Optional && package.only.iter().any(|only| only == specifier);
    let mut thing = Thing::new(Nature::Foreign(path.into()), package, called, way);
    thing.is_told = is_told;
    // Some packages export a client that is made already.
    let is_ready = matches!(
        (called, path),
        ("@vercel/kv", "kv" | "default") | ("bun" | "@devvit/redis", "redis")
    );
    if is_ready {
        thing = thing.made(path, None);
    }
    Some(Arc::new(thing))
}

/// A thing of another module, as a name is bound to it here: what is inside is reached by the same import.
fn imported(thing: &Thing, step: &Step) -> Thing {
    inside(thing, step, INSIDE)
}

/// Things are taken apart so deep.
const INSIDE: usize = 4;

fn inside(thing: &Thing, step: &Step, deep: usize) -> Thing {
    let mut here = thing.clone();
    here.way = thing.way.after(step.clone());
    here.hops += 1;
    if let Some(deeper) = deep.checked_sub(1) {
        let members = thing.members.iter();
        here.members = members
            .map(|(name, member)| (name.clone(), Arc::new(inside(member, step, deeper))))
            .collect();
        here.gives = thing.gives.as_ref().map(|gives| Arc::new(inside(gives, step, deeper)));
    }
    here
}
