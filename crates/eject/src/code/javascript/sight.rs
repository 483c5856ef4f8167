//! What a module's lines say once it is known what its names stand for.

use std::collections::{HashMap, HashSet};

use oxc_ast::{
    AstKind,
    ast::{Argument, CallExpression, Class, Decorator, Expression, NewExpression},
};
use oxc_span::{GetSpan as _, Span};
use oxc_syntax::node::NodeId;

use super::{
    binding::{Call, Init, Root, this_node},
    evaluate::{Reading, asks_for_store, is_only, leads, makes},
    key::{self, Command},
    knowledge::knowledge,
    known::package_name,
    purpose::{Verdict, Votes, by_command, by_commands, by_constructor, by_name, by_package},
    request::{ALL, Manner, Request},
    resolve::ModuleId,
    spread::{Summary, Surroundings, Target},
    thing::{Nature, Origin, Thing},
    variable::last_name,
};
use crate::{
    catalogue::{Package, Role},
    file::File,
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

/// Requests that are bound to names, and those of which properties are asked, by where they stand.
struct Bound {
    all: HashSet<u32>,
    asked: HashSet<u32>,
}

/// A use within the module, while its purpose is sought.
struct Sighted {
    found: Found,
    within: Option<NodeId>,
    /// The first step to what is used: the import or the construction that it goes back to.
    by: Option<Place>,
    origin: Option<Origin>,
    command: Option<Command>,
    /// Options ask for this store.
    is_asked: bool,
    /// Clients that it is given.
    given: Vec<(Option<Place>, Option<Origin>, &'static Package)>,
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
        for one in sighted {
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
    fn uses(&self) -> Vec<Sighted> {
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
                _ => {}
            }
        }
        uses
    }

    fn call_use(&self, call: &'a CallExpression<'a>, within: Option<NodeId>) -> Option<Sighted> {
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
                    sighted.given = given;
                    sighted.is_asked = is_asked;
                    sighted.found.makes = Some((self.id, call.span.start));
                    return Some(sighted);
                }
                Nature::Own if self.is_hidden(callee) => {
                    let mut sighted = self.sighted(Kind::Wrapper, callee, call_span(call), within);
                    name.clone_into(&mut sighted.found.name);
                    return Some(sighted);
                }
                _ => {}
            }
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

    fn is_decorator_call(&self, call: &CallExpression<'a>) -> bool {
        matches!(self.bindings.nodes.parent_kind(call.node_id.get()), AstKind::Decorator(_))
    }

    /// A constructor or plugin of a package that is given to somebody who will use it.
    fn registered(&self, call: &'a CallExpression<'a>, within: Option<NodeId>) -> Option<Sighted> {
        let name = last_name(&call.callee)?;
        let direct = knowledge().registers.contains(name);
        call.arguments.iter().filter_map(Argument::as_expression).find_map(|argument| {
            let thing = match argument.get_inner_expression() {
                Expression::ObjectExpression(object) => {
                    object.properties.iter().find_map(|property| {
                        let oxc_ast::ast::ObjectPropertyKind::ObjectProperty(property) = property
                        else {
                            return None;
                        };
                        let name = property.key.static_name()?;
                        let is_option = knowledge().options.contains(&*name);
                        let is_plain = matches!(
                            property.value.get_inner_expression(),
                            Expression::Identifier(_) | Expression::StaticMemberExpression(_)
                        );
                        if is_option && is_plain { self.value(&property.value) } else { None }
                    })
                }
                _ if direct => self.value(argument),
                _ => None,
            }?;
            let is_asked = asks_for_store(thing.package, &call.arguments);
            let is_whole = matches!(thing.nature, Nature::Foreign(_)) && makes(&thing, is_asked);
            if !is_whole {
                return None;
            }
            let mut sighted = self.sighted(Kind::Client, &thing, argument.span(), within);
            sighted.is_asked = is_asked;
            Some(sighted)
        })
    }

    fn new_use(&self, new: &'a NewExpression<'a>, within: Option<NodeId>) -> Option<Sighted> {
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

    fn decorator_use(
        &self,
        decorator: &'a Decorator<'a>,
        within: Option<NodeId>,
    ) -> Option<Sighted> {
        let callee = match &decorator.expression {
            Expression::CallExpression(call) => &call.callee,
            other => other,
        };
        let thing = self.value(callee)?;
        if !matches!(thing.nature, Nature::Foreign(_)) {
            return None;
        }
        let is_subscription = knowledge().subscriptions.contains(thing.class());
        let kind = if is_subscription { Kind::Command } else { Kind::Client };
        Some(self.sighted(kind, &thing, decorator.span, within))
    }

    /// A class that is made from a class of a package.
    fn class_use(&self, id: NodeId, class: &'a Class<'a>) -> Option<Sighted> {
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

    fn sighted(&self, kind: Kind, thing: &Thing, span: Span, within: Option<NodeId>) -> Sighted {
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

    /// Clients among arguments, and within their options.
    fn clients_in(
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
    fn is_hidden(&self, thing: &Thing) -> bool {
        let Some(first) = thing.way.first() else { return false };
        if *first.place.path != *self.file.path {
            return true;
        }
        let at_place = self.requests_at.get(&(first.place.line, first.place.column));
        at_place == Some(&Manner::Type) || thing.is_given
    }

    /// Finds what each use is for: by itself, by what stands beside it in its function, by names.
    fn judge(&mut self, sighted: &mut [Sighted]) {
        for one in sighted.iter_mut() {
            let own = one.command.as_ref().and_then(by_command);
            let by_package = by_package(one.found.package);
            one.found.verdict = by_package
                .or(one.found.verdict.take().filter(|verdict| verdict.score >= 90))
                .or(own)
                .or(one.found.verdict.take());
        }
        let mut by_function: HashMap<NodeId, (Votes, Vec<String>)> = HashMap::new();
        let mut of_module = Votes::default();
        for one in sighted.iter() {
            if let Some(verdict) = &one.found.verdict {
                of_module.add(verdict);
            }
            for function in self.bindings.around(one.within) {
                let (votes, commands) = by_function.entry(function).or_default();
                if let Some(verdict) = &one.found.verdict {
                    votes.add(verdict);
                }
                commands.extend(one.command.as_ref().map(|command| command.name.to_lowercase()));
            }
        }
        for (votes, commands) in by_function.values_mut() {
            let names: Vec<_> = commands.iter().map(String::as_str).collect();
            if let Some(verdict) = by_commands(&names) {
                votes.add(&verdict);
                of_module.add(&verdict);
            }
        }
        let by_path = self.by_path();
        let function_verdicts: HashMap<NodeId, Verdict> = by_function
            .into_iter()
            .filter_map(|(function, (votes, _))| {
                Some((function, votes.winner().or_else(|| self.by_names(function))?))
            })
            .collect();
        let of_module = of_module.unanimous().ok().flatten();
        for one in sighted.iter_mut().filter(|one| one.found.kind != Kind::Client) {
            // A weak word about one command yields to what its whole function does.
            let weak = one.found.verdict.as_ref().is_none_or(|verdict| verdict.score < 40);
            if weak {
                let nearest = self
                    .bindings
                    .around(one.within)
                    .find_map(|function| function_verdicts.get(&function));
                let found = nearest.cloned().or_else(|| one.found.verdict.clone());
                one.found.verdict = found.or_else(|| of_module.clone()).or_else(|| by_path.clone());
            }
        }
        // What a generic client is given to is what it is for there; and each function is for what it does.
        for (function, facts) in &mut self.functions {
            let of_used = || facts.uses.as_ref().and_then(|thing| thing.purpose.clone());
            facts.purpose = function_verdicts.get(function).cloned().or_else(of_used);
        }
        for function in self.functions.keys().copied().collect::<Vec<_>>() {
            if self.functions[&function].purpose.is_none() {
                let verdict = self.by_names(function).or_else(|| by_path.clone());
                if let Some(facts) =
                    self.functions.get_mut(&function).filter(|facts| facts.uses.is_some())
                {
                    facts.purpose = verdict;
                }
            }
        }
    }

    /// By the names of a function, those around it and its class.
    fn by_names(&self, function: NodeId) -> Option<Verdict> {
        self.bindings.around(Some(function)).find_map(|function| {
            let facts = self.bindings.function(function)?;
            let by_own = facts.name.as_deref().and_then(by_name);
            by_own.or_else(|| {
                let class = self.bindings.classes.get(&facts.class?)?.class?;
                by_name(class.id.as_ref()?.name.as_str())
            })
        })
    }

    /// By the name of the file, or of its folder.
    fn by_path(&self) -> Option<Verdict> {
        let mut names = self.file.path.rsplit('/');
        let name = names.next()?.split('.').next()?;
        by_name(name).or_else(|| by_name(names.next()?))
    }

    /// The module's requests: packages, and modules of the tree that lead to one.
    fn imports(&self, sighted: &[Sighted]) -> Vec<Found> {
        let mut by_place: HashMap<(u32, u32), Votes> = HashMap::new();
        for one in sighted {
            let Some(verdict) = &one.found.verdict else { continue };
            for place in
                one.by.iter().chain(one.given.iter().filter_map(|(place, ..)| place.as_ref()))
            {
                by_place.entry((place.line, place.column)).or_default().add(verdict);
            }
        }
        let requests = &self.around.tree.modules[self.id as usize].requests;
        let mentioned = self.mentioned_imports();
        let bound = self.bound();
        let mut found = Vec::new();
        for (index, request) in requests.iter().enumerate() {
            let place = self.file.place(request.start() as usize);
            let votes = by_place.get(&(place.line, place.column));
            match self.around.target(self.id, index) {
                Target::Foreign(package) => {
                    found.extend(self.package_import(package, request, votes, sighted));
                }
                Target::Own(module) => {
                    found.extend(self.wrapper_import(module, request, votes, (&bound, &mentioned)));
                }
                Target::Outside => {}
            }
        }
        found
    }

    fn package_import(
        &self,
        package: &'static Package,
        request: &Request,
        votes: Option<&Votes>,
        sighted: &[Sighted],
    ) -> Option<Found> {
        let requests = &self.around.tree.modules[self.id as usize].requests;
        let called = package_name(requests.specifier(request)).unwrap_or(&package.name);
        if package.role == Role::Optional {
            let is_only = |name: &str| is_only(package, name);
            let asks = requests.names(request).any(is_only) || is_only(requests.specifier(request));
            let is_used = || {
                self.bindings.mentions.iter().any(|mention| {
                    let Root::Symbol(symbol) = mention.root else { return false };
                    let is_of = self.bindings.inits(symbol).iter().any(
                        |init| matches!(init, Init::Import { at, .. } if *at == request.start()),
                    );
                    let first = self.bindings.inits(symbol).iter().find_map(|init| match init {
                        Init::Import { name, .. } if name != ALL && name != "default" => {
                            Some(name.clone())
                        }
                        _ => None,
                    });
                    let path = first.as_deref().into_iter().chain(mention.names.iter().copied());
                    is_of && is_only(&path.collect::<Vec<_>>().join("."))
                })
            };
            let place = self.file.place(request.start() as usize);
            let is_made = sighted.iter().any(|one| one.is_asked && one.by.as_ref() == Some(&place));
            if !asks && !is_used() && !is_made {
                return None;
            }
        }
        let life = if request.manner == Manner::Mock {
            Some((Life::Test, "it is replaced by a mock here".to_owned()))
        } else if package.role == Role::Development {
            Some((Life::Test, format!("{} is {}", package.name, package.what)))
        } else {
            None
        };
        let verdict = by_package(package).or_else(|| votes?.unanimous().ok()?);
        Some(Found {
            kind: Kind::Import,
            package,
            span: span_of(request),
            line: self.file.place(request.start() as usize).line,
            name: called.to_owned(),
            verdict,
            life,
            chain: Vec::new(),
            makes: None,
        })
    }

    fn wrapper_import(
        &self,
        module: ModuleId,
        request: &Request,
        votes: Option<&Votes>,
        (bound, mentioned): (&Bound, &HashSet<u32>),
    ) -> Option<Found> {
        let requests = &self.around.tree.modules[self.id as usize].requests;
        let at = request.start();
        let mut thing = None;
        let mut purposes = Votes::default();
        match request.manner {
            Manner::Mock | Manner::Path => return None,
            // A class's name needs the class to compile; what else a type says needs nothing when it runs.
            Manner::Type => {
                let mut all = requests.names(request).filter_map(|name| self.import(at, name));
                thing = all.find(|thing| {
                    thing.nature == Nature::Own && thing.gives.is_some() && leads(thing)
                });
            }
            Manner::Effects => {
                let effects = self.around.summaries.get(&module)?.effects.as_ref()?;
                if effects.hops >= self.around.depth || effects.is_given {
                    return None;
                }
                let step = self.step(Span::new(at, at), requests.specifier(request));
                let mut here = (**effects).clone();
                here.way = effects.way.after(step);
                thing = Some(std::sync::Arc::new(here));
            }
            Manner::Value | Manner::Forward => {
                for name in requests.names(request) {
                    let Some(one) = self.import(at, name).filter(|thing| leads(thing)) else {
                        continue;
                    };
                    // Of a whole module, what is asked of it counts; it may be forwarded whole too.
                    let is_whole_module = name == ALL && matches!(one.nature, Nature::Holder);
                    // Of an object some properties may lead there and others not.
                    let is_object = matches!(one.nature, Nature::Own | Nature::Holder)
                        && one.gives.is_none()
                        && !one.members.is_empty()
                        && bound.asked.contains(&at);
                    let is_part = request.manner == Manner::Value
                        && (is_whole_module && bound.all.contains(&at) || is_object);
                    if is_part && !mentioned.contains(&at) {
                        continue;
                    }
                    if let Some(verdict) = &one.purpose {
                        purposes.add(verdict);
                    }
                    thing.get_or_insert(one);
                }
            }
        }
        let thing = thing?;
        let verdict = votes
            .and_then(Votes::winner)
            .or_else(|| purposes.winner())
            .or_else(|| thing.purpose.clone());
        let place = self.file.place(at as usize);
        let chain = thing.way.steps().into_iter().skip(1).collect();
        Some(Found {
            kind: Kind::Wrapper,
            package: thing.package,
            span: span_of(request),
            line: place.line,
            name: self.around.tree.paths[module as usize].to_string(),
            verdict,
            life: None,
            chain,
            makes: None,
        })
    }

    fn bound(&self) -> Bound {
        let of = |inits: &[Init<'a>]| {
            inits.iter().filter_map(|init| self.request_of(init)).collect::<Vec<_>>()
        };
        let asked = self.bindings.mentions.iter().filter_map(|mention| match mention.root {
            Root::Symbol(symbol) if !mention.names.is_empty() => {
                Some(of(self.bindings.inits(symbol)))
            }
            _ => None,
        });
        Bound {
            all: self.bindings.symbols().flat_map(|(_, inits)| of(inits)).collect(),
            asked: asked.flatten().collect(),
        }
    }

    /// The request that a name goes back to.
    fn request_of(&self, init: &Init<'a>) -> Option<u32> {
        match init {
            Init::Import { at, .. } => Some(*at),
            Init::Part(of, _) => self.request_of(of),
            Init::Value(value) => match value.get_inner_expression() {
                Expression::CallExpression(call) => Some(call.span.start),
                Expression::ImportExpression(import) => Some(import.span.start),
                Expression::AwaitExpression(awaited) => match &awaited.argument {
                    Expression::ImportExpression(import) => Some(import.span.start),
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        }
    }

    /// The requests of which something is used that leads to a store.
    fn mentioned_imports(&self) -> HashSet<u32> {
        let mut requests = HashSet::new();
        for mention in &self.bindings.mentions {
            let Root::Symbol(symbol) = mention.root else { continue };
            if self.mentioned(mention).is_some() {
                requests.extend(
                    self.bindings.inits(symbol).iter().filter_map(|init| self.request_of(init)),
                );
            }
        }
        requests
    }
}

/// What can be told of a module that no parser takes: the packages that it asks for.
pub(super) fn of_requests(id: ModuleId, file: &File, around: &Surroundings<'_>) -> Summary {
    let requests = &around.tree.modules[id as usize].requests;
    let found = requests.iter().enumerate().filter_map(|(index, request)| {
        let Target::Foreign(package) = around.target(id, index) else { return None };
        (package.role != Role::Optional).then(|| Found {
            kind: Kind::Import,
            package,
            span: span_of(request),
            line: file.place(request.start() as usize).line,
            name: package_name(requests.specifier(request)).unwrap_or(&package.name).to_owned(),
            verdict: by_package(package),
            life: None,
            chain: Vec::new(),
            makes: None,
        })
    });
    Summary { found: found.collect(), ..Summary::default() }
}

fn collect_instances(
    thing: &Thing,
    into: &mut Vec<(Option<Place>, Option<Origin>, &'static Package)>,
) {
    if thing.is_instance() {
        into.push((thing.way.first().map(|step| step.place.clone()), thing.origin, thing.package));
    } else if thing.nature == Nature::Holder {
        thing.members.values().for_each(|member| collect_instances(member, into));
    }
}

fn span_of(request: &Request) -> Span {
    let span = request.span();
    Span::new(super::read::small(span.start), super::read::small(span.end))
}

/// Where a call of a method is: at the method's name, which in a chain is not where the chain begins.
fn call_span(call: &CallExpression<'_>) -> Span {
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
