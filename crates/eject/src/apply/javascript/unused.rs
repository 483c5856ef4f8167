//! What became unused by what was dropped: clients, what they were made of, the imports of both, whole modules.
//! Nothing goes that was unused before, and nothing whose making does something else.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use super::{
    facts::{AttendantPlace, Declared, ExportPlace, Form, Init, Item},
    gone::Gone,
    project::{Origin, Project},
};
use crate::apply::{draft::Draft, mention, module};

/// Exports that somebody uses in a way that is not followed.
enum Asked {
    All,
    Names(BTreeSet<String>),
}

pub(super) struct Sweep<'p, 'd> {
    project: &'p Project,
    draft: &'p Draft<'d>,
    pub(super) gone: Vec<Gone>,
    /// Modules that go as a whole.
    pub(super) deleted: BTreeSet<usize>,
    /// Where Redis was found, by module.
    found: Vec<Vec<usize>>,
    /// The names by which other modules know a symbol.
    aliases: BTreeMap<(usize, usize), Vec<(usize, usize)>>,
    asked: Vec<Asked>,
    removed: BTreeSet<(usize, usize)>,
}

impl<'p, 'd> Sweep<'p, 'd> {
    pub(super) fn new(project: &'p Project, draft: &'p Draft<'d>) -> Self {
        let mut found = vec![Vec::new(); project.modules.len()];
        for finding in draft.findings() {
            if let Some(module) = project.find(&finding.place.path) {
                found[module].extend(draft.offset(&finding.place));
            }
        }
        let mut aliases: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for (module, it) in project.modules.iter().enumerate() {
            for (symbol, declared) in it.facts.symbols.iter().enumerate() {
                if !matches!(declared.declared, Declared::Import(..)) {
                    continue;
                }
                if let Some(Origin::Symbol(owner, origin)) = project.origin(module, symbol) {
                    aliases.entry((owner, origin)).or_default().push((module, symbol));
                }
            }
        }
        let gone = vec![Gone::default(); project.modules.len()];
        let (deleted, removed) = (BTreeSet::new(), BTreeSet::new());
        let asked =
            (0..project.modules.len()).map(|module| asked(project, draft, module)).collect();
        Self { project, draft, gone, deleted, found, aliases, asked, removed }
    }

    /// Goes on until nothing more became unused.
    pub(super) fn sweep(&mut self) {
        loop {
            let mut is_done = true;
            for module in 0..self.project.modules.len() {
                if self.project.modules[module].is_frozen || self.deleted.contains(&module) {
                    continue;
                }
                for symbol in 0..self.project.modules[module].facts.symbols.len() {
                    if !self.removed.contains(&(module, symbol)) && self.remove(module, symbol) {
                        self.removed.insert((module, symbol));
                        is_done = false;
                    }
                }
            }
            is_done &= !self.properties();
            is_done &= !self.delete();
            if is_done {
                return;
            }
        }
    }

    fn has(&self, module: usize, at: usize) -> bool {
        self.deleted.contains(&module) || self.gone[module].has(at)
    }

    fn remove(&mut self, module: usize, symbol: usize) -> bool {
        let it = &self.project.modules[module].facts.symbols[symbol];
        match &it.declared {
            Declared::Import(import, name) => {
                let is_gone =
                    !it.mentions.is_empty() && it.mentions.iter().all(|&at| self.has(module, at));
                if is_gone {
                    self.name(module, *import, *name);
                }
                is_gone
            }
            Declared::Variable(variable) => {
                let (range, is_client) = match &variable.init {
                    Init::Client(arguments) => {
                        let facts = &self.project.modules[module].facts;
                        if !arguments.iter().all(|range| facts.is_pure(range)) {
                            return false;
                        }
                        (variable.statement.clone(), true)
                    }
                    Init::Call(callee, arguments) => {
                        let facts = &self.project.modules[module].facts;
                        let makes = self.makes_client(module, *callee);
                        if !makes || !arguments.iter().all(|range| facts.is_pure(range)) {
                            return false;
                        }
                        (variable.statement.clone(), true)
                    }
                    Init::Object(_, range) | Init::Other(range) => {
                        if !self.project.modules[module].facts.is_pure(range) {
                            return false;
                        }
                        (range.clone(), false)
                    }
                    Init::Fixed => return false,
                };
                if !self.may_go(module, symbol, &range, is_client) {
                    return false;
                }
                self.take_exports(module, symbol, is_client);
                let statement =
                    (variable.item.items.len() == 1).then(|| variable.statement.clone());
                match statement {
                    Some(statement) => self.gone[module].statement(&statement),
                    None => {
                        self.gone[module].item(&variable.item, Some(variable.statement.clone()));
                    }
                }
                true
            }
            Declared::Function { statement, is_default: false } => {
                if !self.may_go(module, symbol, statement, false) {
                    return false;
                }
                self.take_exports(module, symbol, false);
                self.gone[module].statement(statement);
                true
            }
            _ => false,
        }
    }

    /// Whether a function makes a client of Redis.
    fn makes_client(&self, module: usize, callee: usize) -> bool {
        let Some(Origin::Symbol(owner, symbol)) = self.project.origin(module, callee) else {
            return false;
        };
        let facts = &self.project.modules[owner].facts;
        let body = match &facts.symbols[symbol].declared {
            Declared::Function { statement, .. } => statement,
            Declared::Variable(variable) => &variable.statement,
            _ => return false,
        };
        facts.clients.iter().any(|at| body.contains(at))
    }

    /// Whether nothing uses a symbol any longer that something used before.
    fn may_go(&self, module: usize, symbol: usize, range: &Range<usize>, is_client: bool) -> bool {
        let facts = &self.project.modules[module].facts;
        let exports: Vec<_> = facts.exports.iter().filter(|it| it.symbol == symbol).collect();
        let aliases = self.aliases.get(&(module, symbol)).map_or(&[][..], Vec::as_slice);
        if !exports.is_empty() {
            let is_asked = |name: &str| match &self.asked[module] {
                Asked::All => true,
                Asked::Names(names) => names.contains(name),
            };
            // What others see goes only if Redis is in it.
            let is_found = self.found[module].iter().any(|at| range.contains(at));
            if exports.iter().any(|export| is_asked(&export.name)) || !is_found {
                return false;
            }
        }
        let mut is_cause = false;
        for &(of, name) in std::iter::once(&(module, symbol)).chain(aliases) {
            let it = &self.project.modules[of];
            if it.is_frozen {
                return false;
            }
            for &at in &it.facts.symbols[name].mentions {
                let is_gone = self.has(of, at);
                let is_attended = is_client
                    && it.facts.attendants.iter().any(|it| it.symbol == name && it.mention == at);
                let is_export = it.facts.exports.iter().any(|export| export.mention == Some(at));
                // A function that calls itself.
                let is_own = of == module && range.contains(&at);
                if !is_gone && !is_attended && !is_export && !is_own {
                    return false;
                }
                if is_export && of != module && matches!(self.asked[of], Asked::All) {
                    return false;
                }
                is_cause |= is_gone;
            }
        }
        is_cause
    }

    /// Takes out what only led to a symbol or attended to it.
    fn take_exports(&mut self, module: usize, symbol: usize, is_client: bool) {
        let aliases = self.aliases.get(&(module, symbol)).cloned().unwrap_or_default();
        for (of, name) in std::iter::once((module, symbol)).chain(aliases) {
            let facts = &self.project.modules[of].facts;
            for export in facts.exports.iter().filter(|export| export.symbol == name) {
                match &export.place {
                    ExportPlace::Declaration => {}
                    ExportPlace::Statement(statement) => self.gone[of].statement(statement),
                    ExportPlace::Item(item, statement) => {
                        self.gone[of].item(item, Some(statement.clone()));
                    }
                }
            }
            let attendants = facts.attendants.iter().filter(|it| is_client && it.symbol == name);
            for attendant in attendants {
                if self.gone[of].has(attendant.mention) {
                    continue;
                }
                match &attendant.place {
                    AttendantPlace::Statement => self.gone[of].statement(&attendant.span),
                    AttendantPlace::Body => self.gone[of].body(&attendant.span),
                    AttendantPlace::Item(item) => self.gone[of].item(item, None),
                }
            }
        }
        self.take_ways(module, symbol);
    }

    /// Takes out `export { a } from` of what is gone.
    fn take_ways(&mut self, module: usize, symbol: usize) {
        for (of, it) in self.project.modules.iter().enumerate() {
            for (index, import) in it.facts.imports.iter().enumerate() {
                for (number, name) in import.names.iter().enumerate() {
                    let Some(exported) = &name.exported else { continue };
                    let leads = import.form == Form::ReExport && !it.is_frozen;
                    if leads
                        && self.project.exported(of, exported, 16)
                            == Some(Origin::Symbol(module, symbol))
                    {
                        self.gone[of].names.entry(index).or_default().insert(number);
                        self.gone[of].range(name.span.clone());
                    }
                }
            }
        }
    }

    fn name(&mut self, module: usize, import: usize, name: usize) {
        let it = &self.project.modules[module].facts.imports[import];
        let names = self.gone[module].names.entry(import).or_default();
        names.insert(name);
        let range = if names.len() == it.names.len() { &it.span } else { &it.names[name].span };
        self.gone[module].range(range.clone());
    }

    /// Takes properties out of objects of settings, of which all that asked for them is gone: `config.redis`.
    fn properties(&mut self) -> bool {
        let mut any = false;
        for module in 0..self.project.modules.len() {
            let it = &self.project.modules[module];
            if it.is_frozen
                || self.deleted.contains(&module)
                || matches!(self.asked[module], Asked::All)
            {
                continue;
            }
            for (symbol, of_symbol) in it.facts.symbols.iter().enumerate() {
                let Declared::Variable(variable) = &of_symbol.declared else { continue };
                let Init::Object(object, _) = &variable.init else { continue };
                let exports = it.facts.exports.iter().filter(|export| export.symbol == symbol);
                let is_asked = |name: &str| match &self.asked[module] {
                    Asked::All => true,
                    Asked::Names(names) => names.contains(name),
                };
                let is_seen_whole = exports.into_iter().any(|export| is_asked(&export.name));
                if variable.is_typed || is_seen_whole || self.removed.contains(&(module, symbol)) {
                    continue;
                }
                let items: Vec<_> = object.properties.iter().map(|it| it.span.clone()).collect();
                for (index, property) in object.properties.iter().enumerate() {
                    let Some(name) = &property.name else { continue };
                    let is_found = self.found[module].iter().any(|at| property.span.contains(at));
                    let is_gone = self.gone[module].has(property.span.start);
                    if !is_found
                        || is_gone
                        || !it.facts.is_pure(&property.value)
                        || !self.is_unasked(module, symbol, name)
                    {
                        continue;
                    }
                    let inner = object.span.start + 1..object.span.end - 1;
                    self.gone[module].item(&Item { inner, items: items.clone(), index }, None);
                    any = true;
                }
            }
        }
        any
    }

    /// Whether all that asked for a property of a symbol is gone, and nothing takes the whole.
    fn is_unasked(&self, module: usize, symbol: usize, property: &str) -> bool {
        let aliases = self.aliases.get(&(module, symbol)).map_or(&[][..], Vec::as_slice);
        let mut is_cause = false;
        for &(of, name) in std::iter::once(&(module, symbol)).chain(aliases) {
            let facts = &self.project.modules[of].facts;
            for &at in &facts.symbols[name].mentions {
                let member =
                    facts.members.iter().find(|(of, _, range)| *of == name && range.start == at);
                let is_export = facts.exports.iter().any(|export| export.mention == Some(at));
                let is_gone = self.has(of, at);
                match member {
                    _ if is_gone => {
                        is_cause |= member.is_some_and(|(_, asked, _)| asked == property);
                    }
                    Some((_, asked, _)) if asked != property => {}
                    None if is_export => {}
                    _ => return false,
                }
            }
        }
        is_cause
    }

    /// Deletes the modules that nothing asks for any longer and that were there for Redis alone.
    fn delete(&mut self) -> bool {
        let mut any = false;
        for module in 0..self.project.modules.len() {
            if !self.deleted.contains(&module) && self.is_unused(module) && self.is_covered(module)
            {
                self.deleted.insert(module);
                any = true;
            }
        }
        any
    }

    fn is_unused(&self, module: usize) -> bool {
        let it = &self.project.modules[module];
        if it.is_frozen || self.found[module].is_empty() {
            return false;
        }
        let mut any = false;
        for (of, other) in self.project.modules.iter().enumerate() {
            for (index, import) in other.facts.imports.iter().enumerate() {
                if other.leads[index] != Some(module) || of == module || self.deleted.contains(&of)
                {
                    any |= other.leads[index] == Some(module) && of != module;
                    continue;
                }
                any = true;
                let names = self.gone[of].names.get(&index).map_or(0, BTreeSet::len);
                if import.names.is_empty() || names < import.names.len() {
                    return false;
                }
            }
        }
        any && !self.is_asked_elsewhere(module)
    }

    /// Whether the module is asked for by its name in a way that is no import.
    fn is_asked_elsewhere(&self, module: usize) -> bool {
        let path = &self.project.modules[module].path;
        for other in self.draft.mentions.of(mention::stem(path)) {
            if &**other == path || self.draft.is_deleted(other) {
                continue;
            }
            let known = self.project.find(other);
            if known.is_some_and(|of| self.deleted.contains(&of)) {
                continue;
            }
            let is_import = |at: usize| {
                known.is_some_and(|of| {
                    let imports = &self.project.modules[of].facts.imports;
                    self.has(of, at)
                        || imports.iter().any(|import| import.source_span.contains(&at))
                })
            };
            if module::asks(self.draft, other, path, &is_import).is_some() {
                return true;
            }
        }
        false
    }

    /// Whether all that a module does has to do with Redis.
    fn is_covered(&self, module: usize) -> bool {
        let facts = &self.project.modules[module].facts;
        facts.statements.iter().all(|statement| {
            let within = |range: &Range<usize>| {
                range.start < statement.span.end && statement.span.start < range.end
            };
            statement.is_inert
                || self.found[module].iter().any(|at| statement.span.contains(at))
                || self.gone[module].ranges().iter().any(within)
                || facts.is_pure(&statement.span)
        })
    }
}

/// Which exports of a module are used in ways that are not followed.
fn asked(project: &Project, draft: &Draft<'_>, module: usize) -> Asked {
    let path = &project.modules[module].path;
    let is_unread = project.unread.iter().any(|unread| {
        draft.mentions.of(mention::stem(path)).iter().any(|mentioned| **mentioned == **unread)
    });
    if is_unread {
        return Asked::All;
    }
    let mut names = BTreeSet::new();
    for other in &project.modules {
        for (index, import) in other.facts.imports.iter().enumerate() {
            if other.leads[index] != Some(module) {
                continue;
            }
            match import.form {
                Form::Other | Form::Type => return Asked::All,
                Form::All if import.names.iter().any(|name| name.exported.is_some()) => {
                    return Asked::All;
                }
                Form::Import | Form::Bound => {}
                Form::All | Form::Bare | Form::ReExport => continue,
            }
            for name in import.names.iter().filter(|name| name.name == "*") {
                let Some(symbol) = name.symbol else { return Asked::All };
                if project.exported(module, "*", 16).is_some() {
                    continue;
                }
                let members = other.facts.members.iter().filter(|(of, ..)| *of == symbol);
                let members: Vec<_> = members.map(|(_, name, _)| name.clone()).collect();
                if members.len() < other.facts.symbols[symbol].mentions.len() {
                    return Asked::All;
                }
                names.extend(members);
            }
        }
    }
    Asked::Names(names)
}
