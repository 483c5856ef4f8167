//! The edits while they are made: what each file will be, what is settled by that, and what still mentions a word.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    fs,
    ops::Range,
    path::Path,
    process,
    rc::Rc,
};

use super::{
    Options,
    cut::{self, Cut},
    edits::{Changed, Command, Deleted, Edits, Left},
    intact,
    mention::Mentions,
};
use crate::{
    file::File,
    finding::{Finding, Kind, Life, Place, RelativePath, Report, Store},
    life,
    service::Services,
};

/// A file as it is, and what is done to it.
struct Patch {
    source: Rc<Source>,
    cuts: Vec<Cut>,
    /// What is settled although it is not taken out: an import that leads elsewhere now.
    settled: Vec<Range<usize>>,
}

/// A file as it is on the disk.
pub(super) struct Source {
    pub(super) file: File,
    /// Whether the text is the bytes on the disk: not where what is not UTF-8 was replaced.
    exact: bool,
}

/// The edits of a tree while they are made.
pub(super) struct Draft<'a> {
    pub(super) root: &'a Path,
    pub(super) report: &'a Report,
    pub(super) options: &'a Options,
    /// All files that are worth reading.
    pub(super) files: Vec<RelativePath>,
    pub(super) services: Services,
    pub(super) mentions: Mentions,
    /// What git tracks; nothing where there is no git.
    tracked: Option<HashSet<String>>,
    sources: RefCell<HashMap<String, Option<Rc<Source>>>>,
    patches: BTreeMap<String, Patch>,
    deleted: BTreeMap<String, String>,
    left: BTreeSet<Left>,
    commands: BTreeSet<Command>,
}

impl<'a> Draft<'a> {
    pub(super) fn new(
        root: &'a Path,
        report: &'a Report,
        options: &'a Options,
        files: Vec<RelativePath>,
    ) -> Self {
        Self {
            mentions: Mentions::find(root, &files, report),
            services: Services::find(root, &files),
            tracked: tracked(root),
            root,
            report,
            options,
            files,
            sources: RefCell::default(),
            patches: BTreeMap::new(),
            deleted: BTreeMap::new(),
            left: BTreeSet::new(),
            commands: BTreeSet::new(),
        }
    }

    /// The findings that edits are about: of Redis, in what runs or lies about.
    pub(super) fn findings(&self) -> impl Iterator<Item = &'a Finding> + use<'a> {
        let is_ours =
            |finding: &&Finding| finding.store == Store::Redis && finding.life != Life::Historical;
        self.report.findings.iter().filter(is_ours)
    }

    /// Those of a kind that are to go.
    pub(super) fn to_go(&self, kind: Kind) -> impl Iterator<Item = &'a Finding> + use<'a> {
        let goes = move |finding: &&Finding| {
            finding.kind == kind && matches!(finding.life, Life::Live | Life::Dormant)
        };
        self.findings().filter(goes)
    }

    /// A file as it is; nothing of one that cannot be read.
    pub(super) fn source(&self, path: &str) -> Option<Rc<Source>> {
        let mut sources = self.sources.borrow_mut();
        let read = || {
            let bytes = fs::read(self.root.join(path)).ok()?;
            let exact = str::from_utf8(&bytes).is_ok();
            Some(Rc::new(Source { file: File::new(path.into(), bytes), exact }))
        };
        sources.entry(path.to_owned()).or_insert_with(read).clone()
    }

    /// A file's text as it will be; nothing of one that is deleted.
    pub(super) fn after(&self, path: &str) -> Option<String> {
        if self.deleted.contains_key(path) {
            return None;
        }
        let source = self.source(path)?;
        let cuts = self.patches.get(path).map_or(&[][..], |patch| &patch.cuts);
        cut::cut(&source.file.text, cuts)
    }

    /// The byte that a place is about.
    pub(super) fn offset(&self, place: &Place) -> Option<usize> {
        let source = self.source(&place.path)?;
        let file = &source.file;
        let line = usize::try_from(place.line).ok()?.checked_sub(1)?;
        let mut range = (line < file.line_count()).then(|| file.line(line))?;
        if file.text[range.clone()].starts_with('\u{feff}') {
            range.start += '\u{feff}'.len_utf8();
        }
        let column = usize::try_from(place.column).ok()?.saturating_sub(1);
        let column = file.text[range.clone()].char_indices().nth(column).map(|(at, _)| at);
        Some(column.map_or(range.end, |column| range.start + column))
    }

    /// The place of a byte.
    pub(super) fn place(&self, path: &str, at: usize) -> Place {
        match self.source(path) {
            Some(source) => source.file.place(at),
            None => Place { path: path.to_owned(), line: 1, column: 1 },
        }
    }

    /// Why a file is not edited, where it is not.
    pub(super) fn refusal(&self, path: &str) -> Option<&'static str> {
        let source = self.source(path);
        let is_link = fs::symlink_metadata(self.root.join(path)).is_ok_and(|it| it.is_symlink());
        if life::of(path).0 == Life::Historical {
            return Some("it tells what was");
        }
        if is_link {
            return Some("it is a link to another file");
        }
        if source.is_none_or(|source| !source.exact) {
            return Some("it is not text in UTF-8");
        }
        let is_untracked = self.tracked.as_ref().is_some_and(|tracked| !tracked.contains(path));
        is_untracked.then_some("git does not track it, so that nothing could bring it back")
    }

    /// Edits a file if it is still what it has to be afterwards: JSON stays JSON. Otherwise nothing is edited,
    /// and the reason is told.
    pub(super) fn edit(
        &mut self,
        path: &str,
        cuts: Vec<Cut>,
        settled: Vec<Range<usize>>,
    ) -> Result<(), String> {
        if let Some(why) = self.refusal(path) {
            return Err(why.to_owned());
        }
        let source = self.source(path).ok_or("it cannot be read")?;
        let patch = self.patches.get(path);
        let mut all = patch.map(|patch| patch.cuts.clone()).unwrap_or_default();
        all.extend(cut::tidy(&source.file.text, cuts));
        let after = cut::cut(&source.file.text, &all).ok_or("its edits contradict each other")?;
        intact::check(path, &source.file.text, &after)?;
        let mut all_settled = patch.map(|patch| patch.settled.clone()).unwrap_or_default();
        all_settled.extend(settled);
        let patch = Patch { source, cuts: all, settled: all_settled };
        self.patches.insert(path.to_owned(), patch);
        Ok(())
    }

    /// Takes back all that was done to a file since it was like that.
    pub(super) fn undo(&mut self, path: &str, cuts: usize, settled: usize) {
        if let Some(patch) = self.patches.get_mut(path) {
            patch.cuts.truncate(cuts);
            patch.settled.truncate(settled);
        }
    }

    /// How much was done to a file, to be able to take the rest back.
    pub(super) fn done(&self, path: &str) -> (usize, usize) {
        self.patches.get(path).map_or((0, 0), |patch| (patch.cuts.len(), patch.settled.len()))
    }

    pub(super) fn delete(&mut self, path: &str, why: impl Into<String>) -> Result<(), String> {
        if let Some(why) = self.refusal(path) {
            return Err(why.to_owned());
        }
        self.deleted.insert(path.to_owned(), why.into());
        Ok(())
    }

    pub(super) fn is_deleted(&self, path: &str) -> bool {
        self.deleted.contains_key(path)
    }

    pub(super) fn is_changed(&self, path: &str) -> bool {
        self.patches.get(path).is_some_and(|patch| !patch.cuts.is_empty())
    }

    /// Leaves a place to a person.
    pub(super) fn leave(&mut self, place: Place, what_to_do: impl Into<String>) {
        self.left.insert(Left { place, what_to_do: what_to_do.into() });
    }

    /// Whether something is told of that line already.
    pub(super) fn is_left(&self, place: &Place) -> bool {
        self.left.iter().any(|left| left.place.path == place.path && left.place.line == place.line)
    }

    pub(super) fn run(&mut self, command: Command) {
        self.commands.insert(command);
    }

    /// Whether what was found there is no more after the edits.
    pub(super) fn is_settled(&self, finding: &Finding) -> bool {
        let path = &finding.place.path;
        if self.deleted.contains_key(path) {
            return true;
        }
        let Some(patch) = self.patches.get(path) else { return false };
        let Some(at) = self.offset(&finding.place) else { return false };
        let is_cut = |cut: &Cut| cut.range.contains(&at);
        patch.cuts.iter().any(is_cut) || patch.settled.iter().any(|range| range.contains(&at))
    }

    /// Whether a byte of a file as it is is taken out.
    pub(super) fn is_out(&self, path: &str, at: usize) -> bool {
        self.is_deleted(path)
            || self
                .patches
                .get(path)
                .is_some_and(|patch| patch.cuts.iter().any(|cut| cut.range.contains(&at)))
    }

    /// All of it, put in order.
    pub(super) fn finish(self) -> Edits {
        let changed = self.patches.into_iter().filter_map(|(path, patch)| {
            if self.deleted.contains_key(&path) {
                return None;
            }
            let before = patch.source.file.text.clone();
            // It was cut the same way when each edit was checked.
            let after = cut::cut(&before, &patch.cuts)?;
            (before != after).then_some(Changed { path, before, after })
        });
        let changed = changed.collect();
        let sources = self.sources.into_inner();
        let deleted = self.deleted.into_iter().filter_map(|(path, why)| {
            let before = sources.get(&path)?.as_ref()?.file.text.clone();
            Some(Deleted { path, before, why })
        });
        Edits {
            changed,
            deleted: deleted.collect(),
            left: self.left.into_iter().collect(),
            commands: self.commands.into_iter().collect(),
        }
    }
}

/// The paths that git tracks below a folder, relative to it.
fn tracked(root: &Path) -> Option<HashSet<String>> {
    let mut list = process::Command::new("git");
    let output = list.args(["ls-files", "-z", "--", "."]).current_dir(root).output().ok()?;
    let paths = String::from_utf8_lossy(&output.stdout);
    let paths: HashSet<_> =
        paths.split('\0').filter(|path| !path.is_empty()).map(str::to_owned).collect();
    // A folder within another's git tree, with nothing of its own in it, is not under git.
    (output.status.success() && !paths.is_empty()).then_some(paths)
}
