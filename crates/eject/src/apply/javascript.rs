//! Code of JavaScript and TypeScript that leads to the stand-ins of the Node package: options that hand over a client are dropped,
//! imports are rewritten, and what became unused by that goes.

mod drop;
mod facts;
mod gone;
mod project;
mod read;
mod rewrite;
mod unused;

use std::collections::BTreeSet;

use super::{
    draft::Draft,
    json,
    standin::{self, StandIn},
};
use crate::finding::Kind;
use drop::Refusals;
use project::Project;
pub(super) use project::is_code;
use unused::Sweep;

/// Refusals lead to refusals so often at most.
const ROUNDS: usize = 32;

/// Whether a module gives something to others, or does nothing by itself: a script does neither.
pub(super) fn is_for_others(path: &str, text: &str) -> bool {
    let Ok(facts) = read::read(path, text) else { return false };
    let gives =
        ["export ", "export{", "module.exports", "exports."].iter().any(|word| text.contains(word));
    gives
        || facts
            .statements
            .iter()
            .all(|statement| statement.is_inert || facts.is_pure(&statement.span))
}

/// Edits all modules that can be edited safely, and leaves the others with the reason.
pub(super) fn apply(draft: &mut Draft<'_>) {
    let project = Project::load(draft);
    if !project.modules.iter().any(|module| !module.is_frozen) {
        return;
    }
    let mut refused = Refusals::new();
    refuse_taken(draft, &project, &mut refused);
    for _ in 0..ROUNDS {
        let before = refused.len();
        refuse_together(draft, &project, &mut refused);
        let mut sweep = Sweep::new(&project, draft);
        drop::drop(&project, &mut sweep.gone, &mut refused);
        if refused.len() > before {
            continue;
        }
        sweep.sweep();
        rewrite::check(&project, &sweep.gone, &mut refused);
        if refused.len() > before {
            continue;
        }
        let Sweep { gone, deleted, .. } = sweep;
        if let Some((module, why)) = edit(draft, &project, &gone, &deleted, &refused) {
            // What could not be edited is as if nothing stood in for it.
            for stand_in in standin::all() {
                refused.insert((&stand_in.library, module), (0, why.clone()));
            }
            continue;
        }
        break;
    }
    leave(draft, &project, &refused);
}

/// Edits all modules or, if one cannot be edited, none, and tells which and why.
fn edit(
    draft: &mut Draft<'_>,
    project: &Project,
    gone: &[gone::Gone],
    deleted: &BTreeSet<usize>,
    refused: &Refusals,
) -> Option<(usize, String)> {
    let mut done = Vec::new();
    for (index, module) in project.modules.iter().enumerate() {
        if module.is_frozen || deleted.contains(&index) {
            continue;
        }
        let mut cuts = gone[index].cuts(&module.source.file.text);
        let (imports, settled) = rewrite::cuts(project, index, &gone[index], refused);
        cuts.extend(imports);
        if cuts.is_empty() {
            continue;
        }
        let before = draft.done(&module.path);
        if let Err(why) = draft.edit(&module.path, cuts, settled) {
            for (path, (cuts, settled)) in done {
                draft.undo(path, cuts, settled);
            }
            return Some((index, why));
        }
        done.push((&module.path, before));
    }
    for &module in deleted {
        let path = &project.modules[module].path;
        // Who could not be deleted could not be edited either, and was frozen.
        let _ = draft.delete(path, "nothing imports it any longer");
    }
    None
}

/// Libraries whose own objects another package takes are left alone.
fn refuse_taken(draft: &Draft<'_>, project: &Project, refused: &mut Refusals) {
    let manifests =
        draft.files.iter().filter(|path| path.rsplit('/').next() == Some("package.json"));
    let texts: Vec<_> = manifests.filter_map(|path| draft.source(path)).collect();
    for stand_in in standin::all() {
        for text in &texts {
            let Some(manifest) = json::value(&text.file.text) else { continue };
            let sections =
                ["dependencies", "devDependencies", "peerDependencies", "optionalDependencies"];
            let names = sections.iter().filter_map(|section| manifest.get(section)?.as_object());
            let taker =
                names.flat_map(|section| section.keys()).find(|name| stand_in.is_taken_by(name));
            if let Some(taker) = taker {
                let why = format!("`{taker}` takes what `{}` makes", stand_in.library);
                refuse_all(project, stand_in, &why, refused);
            }
        }
    }
}

fn refuse_all(project: &Project, stand_in: &'static StandIn, why: &str, refused: &mut Refusals) {
    for (index, module) in project.modules.iter().enumerate() {
        if module.is_frozen || !rewrite::is_use(project, index, stand_in) {
            continue;
        }
        let import = module.facts.imports.iter().find(|import| import.source == stand_in.library);
        let at = import.map_or(0, |import| import.span.start);
        refused.entry((&stand_in.library, index)).or_insert((at, why.to_owned()));
    }
}

/// Where both ends must change at once, one that cannot change keeps all.
fn refuse_together(draft: &Draft<'_>, project: &Project, refused: &mut Refusals) {
    for stand_in in standin::all().iter().filter(|stand_in| stand_in.together) {
        let first = refused.iter().find(|((library, _), _)| *library == stand_in.library);
        let by_module = first.map(|((_, module), (at, _))| {
            draft.place(&project.modules[*module].path, *at).to_string()
        });
        let unread = project.unread.iter().find(|path| {
            draft.mentions.of(&stand_in.library).iter().any(|mentioned| **mentioned == ***path)
        });
        if let Some(place) = by_module.or_else(|| unread.cloned()) {
            let why = format!(
                "all who use `{}` must change at once, and what is in {place} cannot",
                stand_in.library
            );
            refuse_all(project, stand_in, &why, refused);
        }
    }
}

fn leave(draft: &mut Draft<'_>, project: &Project, refused: &Refusals) {
    for ((library, module), (at, why)) in refused {
        let place = draft.place(&project.modules[*module].path, *at);
        let Some(stand_in) = standin::of(library) else { continue };
        if !rewrite::is_use(project, *module, stand_in) {
            continue;
        }
        let what = format!(
            "{why}, so it is left on Redis: move it to `{}` by hand, or take out what is in the way and run this again",
            stand_in.module
        );
        draft.leave(place, what);
    }
    for finding in draft.findings().filter(|finding| finding.kind == Kind::Import) {
        let Some(stand_in) = standin::of(&finding.name) else { continue };
        let is_test = finding.life == crate::finding::Life::Test;
        if is_test && !refused.keys().any(|(library, _)| *library == stand_in.library) {
            let what = format!(
                "this test uses `{}`, and the code that it tests uses `{}` now: test it with that",
                stand_in.library, stand_in.module
            );
            draft.leave(finding.place.clone(), what);
        }
    }
}
