//! How edits are written: onto what they were made for, whole files, and again after an end half-way.

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path, time::Duration};

use pgstead_eject::apply::{self, Command, Edits, Outcome, WriteOptions};
use tempfile::TempDir;

use crate::tree::{Tree, live};

const MANIFEST: &str = "{\n  \"name\": \"a\",\n  \"dependencies\": {\n    \"bullmq\": \"^5\",\n    \"ioredis\": \"^5\"\n  }\n}\n";
const QUEUE: &str = "import { Queue } from 'bullmq';\nimport Redis from 'ioredis';\nconst connection = new Redis(process.env.REDIS_URL);\nexport const queue = new Queue('a', { connection });\n";

/// A service with one queue.
fn service() -> Tree {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("package.json"), MANIFEST).unwrap();
    fs::write(folder.path().join("queue.js"), QUEUE).unwrap();
    fs::write(
        folder.path().join("main.js"),
        "import { queue } from './queue.js';\nqueue.add('a', {});\n",
    )
    .unwrap();
    fs::write(folder.path().join(".env"), "REDIS_URL=redis://r\n").unwrap();
    Tree::copy(folder.path())
}

fn edits(tree: &Tree) -> Edits {
    let edits = tree.preview(&tree.scan());
    assert_eq!(edits.changed.len(), 3, "{edits:?}");
    edits
}

fn write(tree: &Tree, edits: &Edits) -> Result<apply::Written, apply::Error> {
    apply::write(tree.path(), edits, &WriteOptions::default())
}

#[test]
fn a_tree_that_git_does_not_hold_is_not_written() {
    let tree = service();
    let edits = edits(&tree);
    fs::write(tree.path().join("new.txt"), "x").unwrap();
    let error = write(&tree, &edits).unwrap_err();
    assert!(error.is_unguarded() && error.to_string().contains("new.txt"), "{error}");
    assert_eq!(tree.read("package.json"), MANIFEST);
    let mut options = WriteOptions::default();
    options.unguarded = true;
    assert_eq!(apply::write(tree.path(), &edits, &options).unwrap().changed, 3);

    let tree = service();
    fs::remove_dir_all(tree.path().join(".git")).unwrap();
    let error = write(&tree, &edits).unwrap_err();
    assert!(error.is_unguarded(), "{error}");
    assert_eq!(apply::write(tree.path(), &edits, &options).unwrap().changed, 3);
}

#[test]
fn a_file_that_has_changed_or_is_a_link_refuses_all() {
    let tree = service();
    let edits = edits(&tree);
    fs::write(tree.path().join("queue.js"), "// mine\n").unwrap();
    tree.commit();
    let error = write(&tree, &edits).unwrap_err();
    assert!(error.is_outdated() && error.to_string().contains("queue.js"), "{error}");
    assert_eq!(tree.read("package.json"), MANIFEST, "none is written");

    let tree = service();
    fs::rename(tree.path().join("queue.js"), tree.path().join("real.js")).unwrap();
    std::os::unix::fs::symlink("real.js", tree.path().join("queue.js")).unwrap();
    tree.commit();
    let error = write(&tree, &edits).unwrap_err();
    assert!(error.to_string().contains("link"), "{error}");
    assert_eq!(tree.read("real.js"), QUEUE);
}

#[test]
fn permissions_stay_and_nothing_is_left_beside() {
    let tree = service();
    let file = tree.path().join("queue.js");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
    tree.commit();
    // Left by who was ended while writing.
    let edits = edits(&tree);
    fs::write(tree.path().join(".queue.js.pgstead-new"), "half").unwrap();
    tree.commit();
    write(&tree, &edits).unwrap();
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o755);
    let names =
        fs::read_dir(tree.path()).unwrap().map(|it| it.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.filter(|name| name != ".git").collect();
    names.sort();
    assert_eq!(names, [".env", "main.js", "package.json", "queue.js"]);
}

/// Whatever files were written when it was ended, the next run does the rest.
#[test]
fn who_is_ended_half_way_goes_on() {
    let all = edits(&service());
    let whole = service();
    write(&whole, &all).unwrap();
    for written in 0_u32..8 {
        let tree = service();
        let mut half = all.clone();
        let mut index = 0;
        half.changed.retain(|_| {
            index += 1;
            written & (1 << (index - 1)) != 0
        });
        write(&tree, &half).unwrap();
        tree.commit();
        let rest = tree.preview(&tree.scan());
        write(&tree, &rest).unwrap();
        tree.commit();
        for file in &all.changed {
            assert_eq!(tree.read(&file.path), whole.read(&file.path), "{written:b}: {}", file.path);
        }
        assert!(live(&tree.scan()).is_empty(), "{written:b}");
    }
}

#[test]
fn commands_are_told_of_and_never_take_edits_back() {
    let tree = service();
    let mut edits = edits(&tree);
    let command = |program: &str, arguments: &[&str]| Command {
        folder: ".".to_owned(),
        program: program.to_owned(),
        arguments: arguments.iter().map(ToString::to_string).collect(),
        lock: "package-lock.json".to_owned(),
    };
    edits.commands = vec![
        command("true", &[]),
        command("sh", &["-c", "echo no such package >&2; exit 3"]),
        command("pgstead-no-such-program", &[]),
        command("sleep", &["30"]),
    ];
    let mut options = WriteOptions::default();
    options.timeout = Duration::from_millis(200);
    let written = apply::write(tree.path(), &edits, &options).unwrap();
    let outcomes: Vec<_> = written.commands.into_iter().map(|(_, outcome)| outcome).collect();
    assert_eq!(outcomes[0], Outcome::Done);
    assert!(
        matches!(&outcomes[1], Outcome::Failed(told) if told.ends_with("no such package")),
        "{outcomes:?}"
    );
    assert_eq!(outcomes[2..], [Outcome::Missing, Outcome::TimedOut]);
    assert_eq!(
        tree.read("package.json"),
        edits.changed.iter().find(|it| it.path == "package.json").unwrap().after
    );
}

/// What git ignores nobody could bring back.
#[test]
fn what_git_does_not_track_is_left() {
    let tree = service();
    tree.git(&["rm", "--quiet", "--cached", ".env"]);
    fs::write(tree.path().join(".gitignore"), ".env\n").unwrap();
    tree.git(&["add", ".gitignore"]);
    tree.git(&["commit", "--quiet", "--message", "x"]);
    let edits = tree.preview(&tree.scan());
    let left = edits.left.iter().find(|left| left.place.path == ".env").unwrap();
    assert!(left.what_to_do.contains("git does not track it"), "{left:?}");
    write(&tree, &edits).unwrap();
    assert_eq!(tree.read(".env"), "REDIS_URL=redis://r\n");
    assert!(!Path::new(&tree.path().join(".env.pgstead-new")).exists());
}

/// A list of requirements in a folder of its own is for the code beside that folder.
#[test]
fn a_package_stays_while_code_around_its_manifest_needs_it() {
    let folder = TempDir::new().unwrap();
    for (path, text) in [
        ("requirements/base.txt", "django==5.1\nredis==5.2.0\n"),
        ("shop/cart.py", "import redis\n\ncarts = redis.Redis()\ncarts.hset('a', 'b', 1)\n"),
    ] {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let tree = Tree::copy(folder.path());
    let edits = tree.preview(&tree.scan());
    assert!(edits.changed.is_empty(), "{}", edits.unified_diff());
    let left = edits.left.iter().find(|left| left.place.path == "requirements/base.txt").unwrap();
    assert!(left.what_to_do.contains("`redis` stays: shop/cart.py"), "{left:?}");
    fs::write(tree.path().join("shop/cart.py"), "carts = {}\n").unwrap();
    let edits = tree.preview(&tree.scan());
    assert!(edits.unified_diff().contains("-redis==5.2.0"), "{}", edits.unified_diff());
}
