//! Drops the options that hand a client of Redis to a library that something stands in for.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    facts::{Argument, Declared, Init, Item, Object},
    gone::Gone,
    project::{Origin, Project},
};
use crate::apply::standin::Class;

/// Why a library is left alone in a module: the byte, and the reason.
pub(super) type Refusals = BTreeMap<(&'static str, usize), (usize, String)>;

/// Drops what can be dropped, in all modules where the library is not refused; tells where it cannot be.
pub(super) fn drop(project: &Project, gone: &mut [Gone], refused: &mut Refusals) {
    let mut dropper = Dropper { project, gone, shared: BTreeMap::new(), dropped: Vec::new() };
    let mut found = Refusals::new();
    for module in 0..project.modules.len() {
        if project.modules[module].is_frozen {
            continue;
        }
        for construct in &project.modules[module].facts.constructs {
            let member = construct.member.as_deref();
            let Some((stand_in, name)) = project.library(module, construct.symbol, member) else {
                continue;
            };
            let key = (stand_in.library.as_str(), module);
            let Some(class) = stand_in.class(&name) else { continue };
            if refused.contains_key(&key) {
                continue;
            }
            let Some((range, argument)) = construct.arguments.get(class.at) else { continue };
            let is_last = class.at + 1 == construct.arguments.len();
            let outcome = match argument {
                Argument::Object(object) => {
                    let is_empty = dropper.object(module, object, class, key.0);
                    if is_empty && is_last {
                        let items: Vec<_> =
                            construct.arguments.iter().map(|(it, _)| it.clone()).collect();
                        let item = Item { inner: construct.inner.clone(), items, index: class.at };
                        dropper.gone[module].item(&item, None);
                    }
                    Ok(())
                }
                Argument::Name(symbol, at) => dropper.shared(module, *symbol, *at, class, key.0),
                Argument::Other => Err("its options are made elsewhere".to_owned()),
            };
            if let Err(why) = outcome {
                found.entry(key).or_insert((range.start, why));
            }
        }
    }
    dropper.check_shared(&mut found);
    dropper.check_handed_in(&mut found);
    refused.extend(found);
}

/// An object of options that several may share: whose it is, and where it is used as options.
#[derive(Default)]
struct Shared {
    uses: BTreeSet<(usize, usize)>,
    keys: BTreeSet<(&'static str, usize)>,
}

struct Dropper<'p, 'g> {
    project: &'p Project,
    gone: &'g mut [Gone],
    shared: BTreeMap<(usize, usize), Shared>,
    /// What was dropped: for whom, in which module, and what.
    dropped: Vec<(&'static str, usize, std::ops::Range<usize>)>,
}

impl Dropper<'_, '_> {
    /// Drops the options of an object. Tells whether nothing is left in it.
    fn object(
        &mut self,
        module: usize,
        object: &Object,
        class: &Class,
        library: &'static str,
    ) -> bool {
        let items: Vec<_> = object.properties.iter().map(|it| it.span.clone()).collect();
        let inner = object.span.start + 1..object.span.end - 1;
        let mut count = 0;
        for (index, property) in object.properties.iter().enumerate() {
            let is_dropped = property.name.as_ref().is_some_and(|name| class.drops.contains(name));
            if is_dropped {
                let item = Item { inner: inner.clone(), items: items.clone(), index };
                self.gone[module].item(&item, None);
                self.dropped.push((library, module, property.span.clone()));
                count += 1;
            }
            if let Some(Some((symbol, at))) = property.spread {
                // What is spread and cannot be followed may keep what it has: the stand-in does not look at it.
                let _ = self.shared(module, symbol, at, class, library);
            }
        }
        count > 0 && count == object.properties.len()
    }

    fn shared(
        &mut self,
        module: usize,
        symbol: usize,
        at: usize,
        class: &Class,
        library: &'static str,
    ) -> Result<(), String> {
        let origin = self.project.origin(module, symbol);
        let Some(Origin::Symbol(owner, symbol)) = origin else {
            return Err("its options come from elsewhere".to_owned());
        };
        let declared = &self.project.modules[owner].facts.symbols[symbol].declared;
        let Declared::Variable(variable) = declared else {
            return Err("its options come from elsewhere".to_owned());
        };
        let Init::Object(object, _) = &variable.init else {
            return Err("its options are made elsewhere".to_owned());
        };
        if self.project.modules[owner].is_frozen {
            return Err("its options are in a file that is not edited".to_owned());
        }
        let shared = self.shared.entry((owner, symbol)).or_default();
        shared.uses.insert((module, at));
        shared.keys.insert((library, module));
        let object = object.clone();
        self.object(owner, &object, class, library);
        Ok(())
    }

    /// Options that something else uses too keep their client, and so does who shares them.
    fn check_shared(&self, refused: &mut Refusals) {
        for (&(owner, symbol), shared) in &self.shared {
            let facts = &self.project.modules[owner].facts;
            let is_export = |at: &usize| facts.exports.iter().any(|it| it.mention == Some(*at));
            let mentions = facts.symbols[symbol].mentions.iter();
            let mut others =
                mentions.filter(|at| !is_export(at)).any(|&at| !shared.uses.contains(&(owner, at)));
            for (module, it) in self.project.modules.iter().enumerate() {
                for (alias, of_alias) in it.facts.symbols.iter().enumerate() {
                    if module == owner || !matches!(of_alias.declared, Declared::Import(..)) {
                        continue;
                    }
                    if self.project.origin(module, alias) == Some(Origin::Symbol(owner, symbol)) {
                        others |= of_alias
                            .mentions
                            .iter()
                            .any(|&at| !shared.uses.contains(&(module, at)));
                    }
                }
            }
            if others {
                for &(library, module) in &shared.keys {
                    let at =
                        shared.uses.iter().find(|(of, _)| *of == module).map_or(0, |(_, at)| *at);
                    let why = "its options are used for something else too".to_owned();
                    refused.entry((library, module)).or_insert((at, why));
                }
            }
        }
    }

    /// A client that is handed in from outside, and would be handed in for nothing afterwards, is for a person to take out.
    fn check_handed_in(&self, refused: &mut Refusals) {
        for (library, module, range) in &self.dropped {
            let facts = &self.project.modules[*module].facts;
            let gone = &self.gone[*module];
            let parameter = facts.symbols.iter().find(|symbol| {
                let is_parameter = matches!(symbol.declared, Declared::Parameter);
                let is_in = symbol.mentions.iter().any(|at| range.contains(at));
                // A parameter of a function within what is dropped goes with it.
                is_parameter
                    && is_in
                    && symbol.mentions.iter().all(|&at| gone.has(at))
                    && !range.contains(&symbol.span.start)
            });
            let own = facts.own.iter().find(|(name, at)| {
                range.contains(&at.start)
                    && !facts.own.iter().any(|(other, at)| other == name && !gone.has(at.start))
            });
            if parameter.is_some() || own.is_some() {
                let why = "its client is handed in from outside".to_owned();
                refused.entry((library, *module)).or_insert((range.start, why));
            }
        }
    }
}
