//! Imports that lead to a stand-in instead of a library on Redis, and imports that lose names.

use std::{collections::BTreeSet, ops::Range};

use super::{
    drop::Refusals,
    facts::{Argument, Declared, Form, Import, Imported, Property},
    gone::{Gone, statement},
    project::{Module, Project},
};
use crate::apply::{
    cut::{self, Cut},
    list::{self, Comments},
    standin::{self, Name, StandIn},
};

/// Whether a module uses the library for Redis at all, and not only what does without.
pub(super) fn is_use(project: &Project, module: usize, stand_in: &StandIn) -> bool {
    let facts = &project.modules[module].facts;
    let is_class = |name: &str| stand_in.needs_store(name);
    facts.imports.iter().filter(|import| import.source == stand_in.library).any(|import| {
        stand_in.is_all_of_it()
            || import.names.iter().any(|it| is_class(&it.name))
            || import.names.is_empty()
            || import.names.iter().filter_map(|it| it.symbol).any(|symbol| {
                facts.members.iter().any(|(of, name, _)| *of == symbol && is_class(name))
            })
    })
}

/// Refuses the modules in which something is used that the stand-in does not have.
pub(super) fn check(project: &Project, gone: &[Gone], refused: &mut Refusals) {
    for stand_in in standin::all() {
        let library = stand_in.library.as_str();
        for (index, module) in project.modules.iter().enumerate() {
            if module.is_frozen
                || refused.contains_key(&(library, index))
                || !is_use(project, index, stand_in)
            {
                continue;
            }
            if let Some(refusal) = refusal(project, index, &gone[index], stand_in) {
                refused.insert((library, index), refusal);
            }
        }
    }
}

fn refusal(
    project: &Project,
    index: usize,
    gone: &Gone,
    stand_in: &StandIn,
) -> Option<(usize, String)> {
    let module = &project.modules[index];
    let facts = &module.facts;
    let library = &stand_in.library;
    let within = |source: &str| {
        source.strip_prefix(library.as_str()).is_some_and(|rest| rest.starts_with('/'))
    };
    if let Some(import) = facts.imports.iter().find(|import| within(&import.source)) {
        return Some((import.span.start, format!("nothing stands in for `{}`", import.source)));
    }
    for import in facts.imports.iter().filter(|import| import.source == *library) {
        let at = import.span.start;
        if matches!(import.form, Form::All | Form::Other | Form::Type | Form::Bare) {
            return Some((
                at,
                format!("`{library}` is asked for in a way that cannot be followed"),
            ));
        }
        let mut stays = false;
        let mut shared = None;
        for name in &import.names {
            let used: Vec<_> = used(module, gone, name).collect();
            let is_gone = name.symbol.is_some() && used.is_empty();
            if is_gone {
                continue;
            }
            if let Some(symbol) = name.symbol
                && facts.extended.contains(&symbol)
            {
                return Some((at, format!("a class extends `{}` of `{library}`", name.name)));
            }
            if name.symbol.is_some_and(|symbol| facts.called.contains(&symbol)) {
                return Some((
                    at,
                    format!("`{library}` is called as a function, as its old versions were"),
                ));
            }
            for used in used {
                match stand_in.name(&used) {
                    Name::Stays => stays |= !is_wrapped(project, index, name, stand_in),
                    Name::Moves
                        if !stand_in.needs_store(&used) && !name.is_type && !import.is_type =>
                    {
                        shared = Some(used);
                    }
                    Name::Moves => {}
                    Name::Unknown => {
                        return Some((
                            at,
                            format!("nothing stands in for `{used}` of `{library}`"),
                        ));
                    }
                }
            }
        }
        let is_whole = import.names.iter().any(|name| name.item.is_none() && name.name == "*");
        if stays && (shared.is_some() || is_whole) {
            return Some((
                at,
                format!("what is left on `{library}` here shares names with what moves"),
            ));
        }
    }
    None
}

/// Whether all that is made of a name is held by options of what moves, so that nothing of the library is seen but through the stand-in.
fn is_wrapped(project: &Project, index: usize, name: &Imported, stand_in: &StandIn) -> bool {
    let facts = &project.modules[index].facts;
    let Some(symbol) = name.symbol.filter(|_| name.item.is_some()) else { return false };
    let mut held: Vec<Range<usize>> = Vec::new();
    for construct in &facts.constructs {
        let library = project.library(index, construct.symbol, construct.member.as_deref());
        let class = library
            .and_then(|(of, name)| of.class(&name).filter(|_| of.library == stand_in.library));
        let options = class.and_then(|class| Some((class, construct.arguments.get(class.at)?)));
        let Some((class, (_, Argument::Object(object)))) = options else { continue };
        let wraps =
            |it: &&Property| it.name.as_ref().is_some_and(|name| class.wraps.contains(name));
        held.extend(object.properties.iter().filter(wraps).map(|it| it.span.clone()));
    }
    let is_held = |at: usize| held.iter().any(|range| range.contains(&at));
    facts.symbols[symbol].mentions.iter().all(|&at| {
        // `const insurance = new RateLimiterMemory(…)`, which is held wherever it is mentioned.
        let kept = facts.symbols.iter().any(|it| {
            let Declared::Variable(variable) = &it.declared else { return false };
            let is_exported =
                facts.exports.iter().any(|export| facts.symbols[export.symbol].span == it.span);
            variable.item.items[variable.item.index].contains(&at)
                && !is_exported
                && it.mentions.iter().all(|&at| is_held(at))
        });
        is_held(at) || kept
    })
}

/// The names of the library that an imported name stands for: itself, or its members where it stands for all.
fn used<'m>(
    module: &'m Module,
    gone: &'m Gone,
    name: &'m Imported,
) -> impl Iterator<Item = String> + 'm {
    let symbol = name.symbol;
    let facts = &module.facts;
    let mentions = symbol.map_or(0, |symbol| {
        facts.symbols[symbol].mentions.iter().filter(|at| !gone.has(**at)).count()
    });
    let members = facts
        .members
        .iter()
        .filter(move |(of, _, range)| Some(*of) == symbol && !gone.has(range.start));
    let members: Vec<_> = members.map(|(_, member, _)| member.clone()).collect();
    let is_space = name.name == "*" || name.name == "default" && !members.is_empty();
    let names = match (is_space, symbol) {
        (true, _) if !members.is_empty() && members.len() == mentions => members,
        (true, Some(_)) if mentions > 0 && name.name == "*" => {
            // `const Store = require('…')`: the module is the class.
            vec!["default".to_owned()]
        }
        (_, Some(_)) if mentions == 0 => Vec::new(),
        _ => vec![name.name.clone()],
    };
    names.into_iter()
}

/// The cuts of a module's imports, and the places that are settled by them.
pub(super) fn cuts(
    project: &Project,
    index: usize,
    gone: &Gone,
    refused: &Refusals,
) -> (Vec<Cut>, Vec<Range<usize>>) {
    let module = &project.modules[index];
    let text = &module.source.file.text;
    let (mut cuts, mut settled) = (Vec::new(), Vec::new());
    for (number, import) in module.facts.imports.iter().enumerate() {
        let empty = BTreeSet::new();
        let mut out = gone.names.get(&number).unwrap_or(&empty).clone();
        let stand_in = standin::of(&import.source).filter(|stand_in| {
            let library = stand_in.library.as_str();
            !refused.contains_key(&(library, index)) && is_use(project, index, stand_in)
        });
        if let Some(stand_in) = stand_in {
            let moves: Vec<_> = (0..import.names.len())
                .filter(|name| {
                    !out.contains(name) && moves(module, gone, &import.names[*name], stand_in)
                })
                .collect();
            let stays = import.names.len() - out.len() - moves.len();
            if !moves.is_empty() && stays == 0 {
                cuts.push(Cut::replace(import.source_span.clone(), &*stand_in.module));
                settled.push(import.span.clone());
            } else if !moves.is_empty() {
                cuts.push(beside(text, import, &moves, stand_in));
                out.extend(moves);
                settled.push(import.span.clone());
            }
        }
        if !out.is_empty() {
            cuts.extend(without(project, index, number, import, &out));
        }
    }
    (cuts, settled)
}

fn moves(module: &Module, gone: &Gone, name: &Imported, stand_in: &StandIn) -> bool {
    name.symbol.is_none() && stand_in.name(&name.name) == Name::Moves
        || used(module, gone, name).any(|used| stand_in.name(&used) == Name::Moves)
        // Imported and not used: it moves with the rest.
        || name.symbol.is_some_and(|symbol| {
            module.facts.symbols[symbol].mentions.is_empty() && stand_in.name(&name.name) != Name::Stays
        })
}

/// A second import for the names that move, behind the first.
fn beside(text: &str, import: &Import, moves: &[usize], stand_in: &StandIn) -> Cut {
    let line = cut::line_start(text, import.span.start);
    let names: Vec<_> = moves.iter().map(|&name| &text[import.names[name].span.clone()]).collect();
    let names = names.join(", ");
    let quote = &text[import.source_span.start - 1..import.source_span.start];
    let source = format!("{quote}{}{quote}", stand_in.module);
    let mut end = import.span.end;
    let is_ended = text[..end].ends_with(';') || text[end..].starts_with(';');
    if text[end..].starts_with(';') {
        end += 1;
    }
    let stop = if is_ended { ";" } else { "" };
    let indent = cut::indent(text, line);
    let newline = cut::newline(text);
    let head = text[line..import.span.end].trim_start();
    let made = match import.form {
        Form::Bound => {
            let word = head.split_whitespace().next().unwrap_or("const");
            let call = if text[import.span.clone()].contains("require") {
                "require"
            } else {
                "await import"
            };
            format!("{word} {{ {names} }} = {call}({source}){stop}")
        }
        Form::ReExport => format!("export {{ {names} }} from {source}{stop}"),
        _ if import.is_type => format!("import type {{ {names} }} from {source}{stop}"),
        _ => format!("import {{ {names} }} from {source}{stop}"),
    };
    Cut::insert(end, format!("{newline}{indent}{made}"))
}

/// Takes names out of an import; the whole statement with the last of them.
fn without(
    project: &Project,
    index: usize,
    number: usize,
    import: &Import,
    out: &BTreeSet<usize>,
) -> Vec<Cut> {
    let module = &project.modules[index];
    let text = &module.source.file.text;
    if out.len() == import.names.len() {
        return vec![whole(module, number, import)];
    }
    let mut cuts = Vec::new();
    let named: Vec<_> =
        (0..import.names.len()).filter(|name| import.names[*name].item.is_some()).collect();
    let gone: Vec<_> = named.iter().filter(|name| out.contains(name)).collect();
    if let Some(item) = named.first().and_then(|name| import.names[*name].item.as_ref()) {
        let gone: Vec<_> = gone
            .iter()
            .filter_map(|name| Some(import.names[**name].item.as_ref()?.index))
            .collect();
        if gone.len() == named.len() {
            // `import a, { b } from`: the braces go with the last name in them.
            let other = import.names.iter().find(|name| name.item.is_none());
            let start = other.map_or(item.inner.start - 1, |other| other.span.end);
            cuts.push(Cut::out(start..item.inner.end + 1));
        } else if !gone.is_empty() {
            cuts.extend(list::without(
                text,
                &item.inner,
                &item.items,
                &gone,
                Comments::Slashes,
                &[],
            ));
        }
    }
    for &name in out.iter().filter(|name| import.names[**name].item.is_none()) {
        // `import a, …`: to where the next name, or the brace, begins.
        let end = import.names[name].span.end;
        let rest = &text[end..];
        let comma = rest.find(',').map_or(0, |at| at + 1);
        let blank = rest[comma..].len() - rest[comma..].trim_start().len();
        cuts.push(Cut::out(import.names[name].span.start..end + comma + blank));
    }
    cuts
}

/// Takes an import out. What a module of JavaScript does when it is imported is done still; TypeScript leaves out what
/// is not used by itself.
fn whole(module: &Module, number: usize, import: &Import) -> Cut {
    let text = &module.source.file.text;
    let is_near = import.source.starts_with('.') && module.leads[number].is_none();
    let span = declaration(module, import);
    let is_code = !import.source.ends_with(".json");
    if is_near && is_code && !module.facts.is_typescript && import.form != Form::ReExport {
        let source = &text[(import.source_span.start - 1)..=import.source_span.end];
        let stop = if text[..span.end].ends_with(';') { ";" } else { "" };
        return match import.form {
            Form::Bound => Cut::replace(span, format!("require({source}){stop}")),
            _ => Cut::replace(span, format!("import {source}{stop}")),
        };
    }
    statement(text, &span)
}

/// The statement of an import: of `const a = require()` that is the whole declaration.
fn declaration(module: &Module, import: &Import) -> Range<usize> {
    if import.form != Form::Bound {
        return import.span.clone();
    }
    let statements = module.facts.statements.iter();
    let around = statements
        .filter(|it| it.span.start <= import.span.start && import.span.end <= it.span.end);
    let text = &module.source.file.text;
    let lone = around.map(|it| it.span.clone()).find(|span| {
        let before = &text[span.start..import.span.start];
        let after = &text[import.span.end..span.end];
        before.split_whitespace().count() == 1
            && after.trim_matches([';', ' ', '\n', '\r']).is_empty()
    });
    // Within a function: from the word before it.
    lone.unwrap_or_else(|| {
        let before = text[..import.span.start].trim_end();
        let word = before.rfind(|c: char| !c.is_ascii_alphabetic()).map_or(0, |at| at + 1);
        let end = import.span.end + usize::from(text[import.span.end..].starts_with(';'));
        match &before[word..] {
            "const" | "let" | "var" => word..end,
            _ => import.span.clone(),
        }
    })
}
