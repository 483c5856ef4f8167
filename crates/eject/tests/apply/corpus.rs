//! Every tree of the corpus of the scan.

use std::{collections::BTreeMap, fs, path::Path};

use pgstead_eject::{Kind, Life, apply::Edits};

use crate::tree::{Tree, live};

fn projects() -> Vec<(String, Tree)> {
    let wanted = std::env::var("PGSTEAD_TEST_PROJECT").ok();
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let projects = fs::read_dir(corpus).unwrap().map(|entry| entry.unwrap().path());
    let projects = projects.filter(|path| path.join("expected.toml").exists());
    let named = projects.map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), path));
    let mut named: Vec<_> =
        named.filter(|(name, _)| wanted.as_ref().is_none_or(|wanted| name == wanted)).collect();
    named.sort();
    named.into_iter().map(|(name, path)| (name, Tree::copy(&path.join("tree")))).collect()
}

/// For every tree: git takes the diff, what is written is what was shown, nothing historical and no test is touched, all that is
/// live and stays is told with what to do, and a second run changes nothing.
#[test]
fn every_tree_is_edited_once_and_told_of() {
    let mut table = vec!["project                  live   left  files  gone  told".to_owned()];
    for (name, tree) in projects() {
        let report = tree.scan();
        let edits = tree.preview(&report);
        if std::env::var("PGSTEAD_TEST_PROJECT").is_ok() {
            show(&edits);
        }
        assert_eq!(tree.takes(&edits.unified_diff()), Ok(()), "{name}");
        untouched(&name, &report, &edits);
        tree.write(&edits);
        tree.commit();
        for file in &edits.changed {
            assert_eq!(tree.read(&file.path), file.after, "{name}: {}", file.path);
        }
        let second = tree.scan();
        let again = tree.preview(&second);
        assert!(
            again.changed.is_empty() && again.deleted.is_empty(),
            "{name}: {}",
            again.unified_diff()
        );
        told(&name, &second, &again);
        table.push(format!(
            "{name:<22} {:>6} {:>6} {:>6} {:>5} {:>5}",
            live(&report).len(),
            live(&second).len(),
            edits.changed.len(),
            edits.deleted.len(),
            edits.left.len()
        ));
    }
    println!("{}", table.join("\n"));
}

/// An edit of a file with `\r\n` or with a byte order mark is the edit of the file without, with that.
#[test]
fn how_lines_end_and_a_mark_at_the_start_are_kept() {
    let windows = |text: &str| text.replace('\n', "\r\n");
    let marked = |text: &str| format!("\u{feff}{text}");
    for (name, tree) in projects() {
        let plain = tree.preview(&tree.scan());
        for (variant, convert) in
            [("windows", &windows as &dyn Fn(&str) -> String), ("marked", &marked)]
        {
            let other = Tree::copy(tree.path());
            other.rewrite(convert);
            let edits = other.preview(&other.scan());
            let paths = |edits: &Edits| -> Vec<String> {
                edits.changed.iter().map(|file| file.path.clone()).collect()
            };
            assert_eq!(paths(&edits), paths(&plain), "{name} {variant}");
            for (file, plain) in edits.changed.iter().zip(&plain.changed) {
                assert_eq!(file.after, convert(&plain.after), "{name} {variant}: {}", file.path);
            }
            let deleted = |edits: &Edits| -> Vec<String> {
                edits.deleted.iter().map(|file| file.path.clone()).collect()
            };
            assert_eq!(deleted(&edits), deleted(&plain), "{name} {variant}");
            assert_eq!(other.takes(&edits.unified_diff()), Ok(()), "{name} {variant}");
        }
    }
}

/// What tells what was stays as it is, and so do tests.
fn untouched(name: &str, report: &pgstead_eject::Report, edits: &Edits) {
    let mut lives: BTreeMap<&str, Vec<Life>> = BTreeMap::new();
    for finding in &report.findings {
        lives.entry(&finding.place.path).or_default().push(finding.life);
    }
    let changed = edits.changed.iter().map(|file| &file.path);
    for path in changed.chain(edits.deleted.iter().map(|file| &file.path)) {
        let Some(lives) = lives.get(path.as_str()) else { continue };
        let only = |life| lives.iter().all(|found| *found == life);
        assert!(!only(Life::Historical) && !only(Life::Test), "{name}: {path} is not to be edited");
    }
}

/// Each live finding that is left is in a file of which something is told.
fn told(name: &str, report: &pgstead_eject::Report, edits: &Edits) {
    for finding in live(report) {
        let path = &finding.place.path;
        let is_told = edits.left.iter().any(|left| left.place.path == *path)
            || edits.commands.iter().any(|command| command.lock == *path)
            || matches!(
                finding.kind,
                Kind::LockedPackage | Kind::Wrapper | Kind::ContainerReference
            );
        assert!(is_told, "{name}: nothing is told of {} ({:?})", finding.place, finding.kind);
    }
}

fn show(edits: &Edits) {
    println!("{}", edits.masked_diff());
    for left in &edits.left {
        println!("{}  {}", left.place, left.what_to_do);
    }
    for command in &edits.commands {
        println!("$ {command}");
    }
}
