//! What still needs Redis, a package or a variable after the edits: the rule that nothing goes that something lives by.

use std::collections::BTreeSet;

use super::{draft::Draft, javascript, module, standin};
use crate::{
    finding::{Finding, Kind, Life, Place},
    life,
};

impl Draft<'_> {
    /// Whether a finding is no more after the edits, or leads to what stands in for Redis.
    pub(super) fn is_done(&self, finding: &Finding) -> bool {
        if self.is_settled(finding) {
            return true;
        }
        if !matches!(finding.kind, Kind::Client | Kind::Command | Kind::Wrapper | Kind::Import) {
            return false;
        }
        if !javascript::is_code(&finding.place.path) {
            return false;
        }
        // Who reaches the package through others is done with the import at the end of the way.
        finding.chain.last().is_some_and(|last| self.is_place_settled(&last.place))
    }

    fn is_place_settled(&self, place: &Place) -> bool {
        let at_line = |finding: &&Finding| {
            finding.kind == Kind::Import
                && finding.place.path == place.path
                && finding.place.line == place.line
        };
        self.findings().find(at_line).is_some_and(|finding| self.is_settled(finding))
    }

    /// The folders whose code runs with a folder's settings: its own, those of packages of the tree that its manifests name, the root's.
    pub(super) fn reach(&self, folder: &str) -> Reach {
        let mut folders = BTreeSet::from([folder.to_owned()]);
        let mut todo = vec![folder.to_owned()];
        while let Some(folder) = todo.pop() {
            for service in &self.report.services {
                let path = if service.path == "." { "" } else { &service.path };
                let last = path.rsplit('/').next().unwrap_or(path);
                let is_asked = self.report.services.iter().any(|asking| {
                    let asking_path = if asking.path == "." { "" } else { &asking.path };
                    asking_path == folder
                        && asking.manifests.iter().filter_map(|manifest| self.source(manifest)).any(
                            |manifest| {
                                let text = &manifest.file.text;
                                has_word(text, &service.name) || has_word(text, last)
                            },
                        )
                });
                if is_asked && !path.is_empty() && folders.insert(path.to_owned()) {
                    todo.push(path.to_owned());
                }
            }
        }
        Reach { folders }
    }

    /// The live uses of Redis in code that are left within reach of a folder.
    pub(super) fn code_left(&self, folder: &str) -> Vec<&Finding> {
        let reach = self.reach(folder);
        let of_code = |kind| {
            matches!(
                kind,
                Kind::Import
                    | Kind::Client
                    | Kind::Command
                    | Kind::Wrapper
                    | Kind::Setting
                    | Kind::VariableRead
                    | Kind::ConnectionString
            )
        };
        let left = self.findings().filter(|finding| {
            // The values of a chart are settings of the server and not of who uses it.
            let is_value = finding.kind == Kind::Setting
                && finding
                    .place
                    .path
                    .rsplit('/')
                    .next()
                    .is_some_and(|name| name.starts_with("values"));
            finding.life == Life::Live
                && of_code(finding.kind)
                && !is_value
                && reach.has(self, &finding.place.path)
                && !self.is_done(finding)
        });
        left.collect()
    }

    /// Whether code within reach of a folder used Redis before the edits, or uses what stands in for it since an earlier run: else who
    /// needs a server is not to be seen.
    pub(super) fn had_code(&self, folder: &str) -> bool {
        let reach = self.reach(folder);
        let mut asking = standin::asking(self).into_iter();
        if asking.any(|path| reach.has(self, &path)) {
            return true;
        }
        self.findings().any(|finding| {
            let is_use =
                matches!(finding.kind, Kind::Import | Kind::Client | Kind::Command | Kind::Wrapper);
            is_use && finding.life == Life::Live && reach.has(self, &finding.place.path)
        })
    }

    /// Where a word is mentioned in what runs, as code or as configuration, after the edits. What others write and read is told by
    /// `ignored`.
    pub(super) fn mentioned(
        &self,
        word: &str,
        files: &dyn Fn(&str) -> bool,
        ignored: &dyn Fn(&str, usize) -> bool,
    ) -> Option<Place> {
        self.mentions.of(word).iter().find_map(|path| {
            let is_live = life::of(path).0 == Life::Live && !module::is_lock(path);
            if !is_live || self.is_deleted(path) || !files(path) {
                return None;
            }
            let source = self.source(path)?;
            let text = &source.file.text;
            let found = words(text, word).find(|&at| {
                let line = &text[super::cut::line_start(text, at)..at];
                !module::is_comment(line) && !self.is_out(path, at) && !ignored(path, at)
            });
            found.map(|at| self.place(path, at))
        })
    }
}

/// Folders whose code runs together.
pub(super) struct Reach {
    folders: BTreeSet<String>,
}

impl Reach {
    /// Whether a file is in one of them. What belongs to the root alone may be used by all.
    pub(super) fn has(&self, draft: &Draft<'_>, path: &str) -> bool {
        let within = |folder: &String| {
            folder.is_empty()
                || path.strip_prefix(folder.as_str()).is_some_and(|rest| rest.starts_with('/'))
        };
        self.folders.iter().any(within) || draft.services.of(path).is_empty()
    }
}

/// Where a word stands alone.
pub(super) fn words<'t>(text: &'t str, word: &'t str) -> impl Iterator<Item = usize> + 't {
    text.match_indices(word).map(|(at, _)| at).filter(move |&at| {
        let is_part = |c: char| c.is_alphanumeric() || c == '_';
        !text[..at].ends_with(is_part) && !text[at + word.len()..].starts_with(is_part)
    })
}

fn has_word(text: &str, word: &str) -> bool {
    !word.is_empty() && word != "." && words(text, word).next().is_some()
}
