//! The second reading of a module: names are given their things round by round until nothing is new.
//!
//! The order of a module does not matter for that, and functions that call each other end nothing.

use std::{
    cell::RefCell,
    collections::{HashMap, HashSet},
    sync::Arc,
};

use oxc_ast::ast::{Argument, Expression, ModuleExportName, Statement};
use oxc_span::Span;
use oxc_syntax::{node::NodeId, symbol::SymbolId};

use super::{
    binding::{Bindings, Call, Init, callable, class_expression, root_identifier},
    knowledge::knowledge,
    purpose::Verdict,
    request::Manner,
    resolve::ModuleId,
    spread::Surroundings,
    thing::{Hand, Nature, Thing},
    variable::last_name,
};
use crate::{
    file::File,
    finding::{Purpose, Step},
};

pub(super) const ROUNDS: usize = 10;

/// What is known of a function: the first thing in it that leads to a package, and what it gives.
#[derive(Clone, Default)]
pub(super) struct FunctionFacts {
    pub(super) uses: Option<Arc<Thing>>,
    pub(super) gives: Option<Arc<Thing>>,
    /// What its uses are for, once they are known.
    pub(super) purpose: Option<Verdict>,
    pub(super) hands: Vec<Hand>,
}

/// What an expression was found to be, by where it stands.
type Known = HashMap<(u32, u32), Option<Arc<Thing>>>;

pub(super) struct Reading<'a, 'c> {
    pub(super) id: ModuleId,
    pub(super) file: &'c File,
    pub(super) bindings: Bindings<'a>,
    pub(super) around: &'c Surroundings<'c>,
    pub(super) things: HashMap<SymbolId, Arc<Thing>>,
    pub(super) functions: HashMap<NodeId, FunctionFacts>,
    /// Of a class: itself, and `this` in it.
    pub(super) classes: HashMap<NodeId, Arc<Thing>>,
    pub(super) instances: HashMap<NodeId, Arc<Thing>>,
    pub(super) given: HashMap<(NodeId, usize), Arc<Thing>>,
    /// Routers and servers on which something is put that leads to a store.
    pub(super) put_on: HashSet<SymbolId>,
    /// What calls and constructions were found to give since something was new: they stand within each other.
    pub(super) known: RefCell<Known>,
    /// What is put on servers and contexts of the module's package.
    pub(super) decorations: Option<&'c HashMap<Box<str>, Arc<Thing>>>,
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

    pub(super) fn settle_names(&mut self) -> bool {
        let mut found = Vec::new();
        for (symbol, inits) in self.bindings.symbols() {
            let mut all = inits.iter().filter_map(|init| self.init(init));
            let Some(mut thing) = all.next().or_else(|| self.connection(symbol, inits)) else {
                continue;
            };
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
    pub(super) fn settle_calls(&mut self) -> bool {
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
            let mut handed = self.handed_jobs(callee, arguments);
            handed.extend(self.handed_clients(callee, arguments));
            let handed = handed.into_iter().map(|(function, thing)| ((function, 0), thing));
            let handed = handed.chain(self.handed_on(callee, arguments));
            given.extend(handed.filter(|(at, _)| !self.given.contains_key(at)));
            if within.is_none()
                && let Call::Plain(call) = call
                && let Some(root) =
                    root_identifier(&call.callee).and_then(|root| self.bindings.symbol(root))
                && call.callee.get_inner_expression().as_member_expression().is_some()
                && (!self.things.contains_key(&root) || self.put_on.contains(&root))
                && (self.is_made_here(root) || self.is_passed_on(root))
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

    /// The functions that a worker hands jobs to: `new Worker("mail", async (job) => …)`, `queue.process(work)`.
    fn handed_jobs(
        &self,
        callee: &'a Expression<'a>,
        arguments: &'a [Argument<'a>],
    ) -> Vec<(NodeId, Arc<Thing>)> {
        let Some(job) = self.taken_job(callee, arguments) else { return Vec::new() };
        let values = arguments.iter().filter_map(Argument::as_expression);
        let functions = values.flat_map(|value| self.functions_of(value));
        functions.map(|function| (function, job.clone())).collect()
    }

    /// The job that a worker hands to its function, if a call makes one.
    pub(super) fn taken_job(
        &self,
        callee: &'a Expression<'a>,
        arguments: &'a [Argument<'a>],
    ) -> Option<Arc<Thing>> {
        let name = last_name(callee).unwrap_or_default();
        let is_given =
            arguments.iter().any(|argument| !matches!(argument, Argument::StringLiteral(_)));
        let taker = self.value(callee).filter(|_| is_given || arguments.len() > 1)?;
        let class = match &taker.nature {
            Nature::Foreign(_) => taker.class(),
            Nature::Method(_) => name,
            _ => return None,
        };
        let is_queue = taker.package.purpose == Purpose::Queue;
        if !is_queue || !knowledge().job_takers.contains(class) {
            return None;
        }
        let mut job = taker.turned(Nature::Made("Job".into()));
        (job.is_given, job.origin) = (true, None);
        Some(Arc::new(job))
    }

    /// Whether a name is bound to what a call made: a router, a server.
    pub(super) fn is_made_here(&self, symbol: SymbolId) -> bool {
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

    /// Whether a name that is imported from a package is exported again: the container of which a tree makes its own.
    fn is_passed_on(&self, symbol: SymbolId) -> bool {
        let is_foreign = self.bindings.inits(symbol).iter().any(
            |init| matches!(init, Init::Import { at, .. } if self.around.is_outside(self.id, *at)),
        );
        let is_exported = |statement: &Statement<'_>| {
            let Statement::ExportNamedDeclaration(export) = statement else { return false };
            export.specifiers.iter().any(|one| match &one.local {
                ModuleExportName::IdentifierReference(name) => {
                    self.bindings.symbol(name) == Some(symbol)
                }
                _ => false,
            })
        };
        is_foreign && self.bindings.nodes.program().body.iter().any(is_exported)
    }

    /// The functions of the module that a callee may be: its own ones, and constructors of its classes.
    pub(super) fn functions_of(&self, callee: &'a Expression<'a>) -> Vec<NodeId> {
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

    pub(super) fn step(&self, span: Span, name: &str) -> Step {
        Step { place: self.file.place(span.start as usize), name: name.to_owned() }
    }

    /// What is put on servers and contexts under a property.
    pub(super) fn decoration(&self, name: &str) -> Option<Arc<Thing>> {
        self.decorations?.get(name).cloned()
    }

    pub(super) fn thing(&self, symbol: SymbolId) -> Option<&Arc<Thing>> {
        self.things.get(&symbol)
    }
}

pub(super) fn score(thing: &Thing) -> u32 {
    thing.purpose.as_ref().map_or(0, |verdict| verdict.score)
}

pub(super) fn differs(known: Option<&Arc<Thing>>, thing: &Arc<Thing>) -> bool {
    known.is_none_or(|known| !Arc::ptr_eq(known, thing) && known.signature() != thing.signature())
}
