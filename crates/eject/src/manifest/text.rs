//! A manifest that cannot be parsed, searched line by line for names of packages.

use std::collections::HashSet;

use super::asked::{Asker, Use};
use crate::{
    catalogue::{self, Ecosystem},
    file::File,
    finding::{Kind, Sighting},
};

/// Longer lines are no lines of a manifest that a person or a tool has written.
const LONGEST: usize = 4 << 10;

/// The packages whose names stand in a file as words of their own: one for a line and name, and of a lock file one for a name.
pub(super) fn search(file: &File, ecosystem: Ecosystem, kind: Kind) -> Vec<Sighting> {
    let asker = Asker { ecosystem, kind };
    let mut seen = HashSet::new();
    let mut found = Vec::new();
    for index in 0..file.line_count() {
        let line = file.line(index);
        if line.len() > LONGEST {
            continue;
        }
        let in_line = if kind == Kind::LockedPackage { 0 } else { index };
        for (at, name) in names(&file.text[line.clone()], ecosystem) {
            let Some(known) = known(ecosystem, name) else { continue };
            if !seen.insert((in_line, name)) {
                continue;
            }
            let start = line.start + at;
            found.extend(asker.package(known, start..start + name.len(), &Use::Live));
        }
    }
    found
}

/// The name under which a word is known. Builds of Java write the two parts of it apart, and the second tells.
fn known(ecosystem: Ecosystem, word: &str) -> Option<&str> {
    if catalogue::package(ecosystem, word).is_some() {
        return Some(word);
    }
    let mut packages = catalogue::packages(ecosystem).filter(|_| ecosystem == Ecosystem::Maven);
    let found = packages.find(|package| {
        package.name.rsplit_once(':').is_some_and(|(_, artifact)| artifact == word)
    });
    found.map(|package| package.name.as_str())
}

/// What stands between signs that no name holds, with its place.
fn names(line: &str, ecosystem: Ecosystem) -> impl Iterator<Item = (usize, &str)> {
    let holds = move |c: char| {
        c.is_ascii_alphanumeric()
            || matches!(c, '-' | '_' | '.')
            || c == '/'
                && matches!(ecosystem, Ecosystem::Npm | Ecosystem::Go | Ecosystem::Packagist)
            || c == ':' && ecosystem == Ecosystem::Maven
            || c == '@' && ecosystem == Ecosystem::Npm
    };
    let mut at = 0;
    line.split(move |c: char| !holds(c)).filter_map(move |run| {
        let start = at;
        at += run.len() + line[start + run.len()..].chars().next().map_or(0, char::len_utf8);
        // A key goes on with a colon, a name of npm with its version.
        let run = run.trim_end_matches([':', '.']);
        let run = if ecosystem == Ecosystem::Npm { without_version(run) } else { run };
        (!run.is_empty()).then_some((start, run))
    })
}

fn without_version(name: &str) -> &str {
    let from = usize::from(name.starts_with('@'));
    let end = name.get(from..).and_then(|rest| rest.find('@'));
    end.map_or(name, |end| &name[..from + end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_alone() {
        let text = "{ \"ioredis\": \"^5\" \"redistribute\": 1,\n<<<<<<< HEAD\n  \"@redis/client@1\" é bull\n";
        let file = File::new("package.json".into(), text.into());
        let found = search(&file, Ecosystem::Npm, Kind::Package);
        let names: Vec<_> = found.iter().map(|found| &text[found.span.clone()]).collect();
        assert_eq!(names, ["ioredis", "@redis/client", "bull"]);
        let file = File::new("pom.xml".into(), "<artifactId>jedis</artifactId><".into());
        let found = search(&file, Ecosystem::Maven, Kind::Package);
        assert_eq!(found[0].name, "redis.clients:jedis");
    }
}
