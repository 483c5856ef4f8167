//! The requests of a module as findings: packages, and modules of the tree that lead to one.

use std::collections::{HashMap, HashSet};

use oxc_ast::ast::Expression;
use oxc_span::Span;

use super::{
    binding::{Init, Root},
    construct::is_only,
    known::package_name,
    mention::leads,
    purpose::{Votes, by_package},
    reading::Reading,
    request::{ALL, Manner, Request},
    resolve::ModuleId,
    sight::{Found, Sighted},
    spread::{Summary, Surroundings, Target},
    thing::Nature,
};
use crate::{
    catalogue::{Package, Role},
    file::File,
    finding::{Kind, Life},
};

/// Requests that are bound to names, and those of which properties are asked, by where they stand.
pub(super) struct Bound {
    pub(super) all: HashSet<u32>,
    pub(super) asked: HashSet<u32>,
}

impl<'a> Reading<'a, '_> {
    /// The module's requests: packages, and modules of the tree that lead to one.
    pub(super) fn imports(&self, sighted: &[Sighted]) -> Vec<Found> {
        let mut by_place: HashMap<(u32, u32), Votes> = HashMap::new();
        // What came from a module on another way than by the names that are taken of it.
        let mut by_file: HashMap<&str, Votes> = HashMap::new();
        for one in sighted {
            let Some(verdict) = &one.found.verdict else { continue };
            for place in
                one.by.iter().chain(one.given.iter().filter_map(|(place, ..)| place.as_ref()))
            {
                if *place.path == *self.file.path {
                    by_place.entry((place.line, place.column)).or_default().add(verdict);
                } else {
                    by_file.entry(&place.path).or_default().add(verdict);
                }
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
                    let path = &*self.around.tree.paths[module as usize];
                    let votes = votes.or_else(|| by_file.get(path));
                    found.extend(self.wrapper_import(module, request, votes, (&bound, &mentioned)));
                }
                Target::Outside => {}
            }
        }
        found
    }

    pub(super) fn package_import(
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

    pub(super) fn wrapper_import(
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
            // A class's name needs the class to compile, and the name of a client's type is a client's; what else a type
            // says needs nothing when it runs.
            Manner::Type => {
                let mut all = requests.names(request).filter_map(|name| self.import(at, name));
                thing = all.find(|thing| match thing.nature {
                    Nature::Own => thing.gives.is_some() && leads(thing),
                    Nature::Type => thing.gives.as_ref().is_some_and(|gives| gives.is_instance()),
                    _ => false,
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

    pub(super) fn bound(&self) -> Bound {
        let of = |inits: &[Init<'a>]| {
            inits.iter().filter_map(|init| request_of(init)).collect::<Vec<_>>()
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

    /// The requests of which something is used that leads to a store.
    pub(super) fn mentioned_imports(&self) -> HashSet<u32> {
        let mut requests = HashSet::new();
        for mention in &self.bindings.mentions {
            let Root::Symbol(symbol) = mention.root else { continue };
            if self.mentioned(mention).is_some() {
                requests
                    .extend(self.bindings.inits(symbol).iter().filter_map(|init| request_of(init)));
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

pub(super) fn span_of(request: &Request) -> Span {
    let span = request.span();
    Span::new(super::read::small(span.start), super::read::small(span.end))
}

/// The request that a name goes back to.
fn request_of(init: &Init<'_>) -> Option<u32> {
    match init {
        Init::Import { at, .. } => Some(*at),
        Init::Part(of, _) => request_of(of),
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
