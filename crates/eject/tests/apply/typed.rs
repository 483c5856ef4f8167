//! A tree of TypeScript that is type-checked before and after, with packages from npm and declarations of the stand-ins.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use pgstead_eject::Kind;

use crate::tree::{Tree, live};

/// Packages of the tree that may not be needed afterwards.
const GONE: &[&str] =
    &["bullmq", "ioredis", "redis", "@redis", "rate-limit-redis", "connect-redis"];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/apply/typed")
}

/// The packages that the tree asks for, installed once and kept from run to run.
fn installed() -> PathBuf {
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/apply-typed");
    fs::create_dir_all(&kept).unwrap();
    let lock = fs::File::create(kept.join("lock")).unwrap();
    lock.lock().unwrap();
    let asked = fs::read(folder().join("tree/package.json")).unwrap();
    if fs::read(kept.join("installed")).is_ok_and(|installed| installed == asked) {
        return kept;
    }
    for file in ["package.json", "package-lock.json"] {
        fs::copy(folder().join("tree").join(file), kept.join(file)).unwrap();
    }
    let mut npm = Command::new("npm");
    npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]);
    let output = npm.current_dir(&kept).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    fs::write(kept.join("installed"), asked).unwrap();
    kept
}

/// What the compiler says of the tree with these packages.
fn compile(tree: &Tree, packages: &Path) -> Result<(), String> {
    let modules = tree.path().join("node_modules");
    let _ = fs::remove_file(&modules);
    std::os::unix::fs::symlink(packages.join("node_modules"), &modules).unwrap();
    let mut tsc = Command::new("node");
    tsc.arg(packages.join("node_modules/typescript/bin/tsc"));
    let output =
        tsc.args(["--noEmit", "--project", "."]).current_dir(tree.path()).output().unwrap();
    fs::remove_file(&modules).unwrap();
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() { Ok(()) } else { Err(told) }
}

/// The same packages without those that are gone, and with the declarations of the stand-ins.
fn without_redis(packages: &Path) -> tempfile::TempDir {
    let left = tempfile::tempdir().unwrap();
    let modules = left.path().join("node_modules");
    fs::create_dir(&modules).unwrap();
    for entry in fs::read_dir(packages.join("node_modules")).unwrap() {
        let entry = entry.unwrap();
        if !GONE.iter().any(|gone| entry.file_name() == *gone) {
            std::os::unix::fs::symlink(entry.path(), modules.join(entry.file_name())).unwrap();
        }
    }
    // A copy, so that what they import is looked for beside them.
    fs::create_dir(modules.join("pgstead")).unwrap();
    for entry in fs::read_dir(folder().join("pgstead")).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), modules.join("pgstead").join(entry.file_name())).unwrap();
    }
    left
}

/// The whole way of a service that Redis can be taken out of: it compiled before and compiles after, without the packages;
/// nothing lives that needs Redis; the second time there is nothing to do.
#[test]
fn a_service_compiles_without_redis_and_nothing_lives_that_needs_it() {
    let packages = installed();
    let tree = Tree::copy(&folder().join("tree"));
    assert_eq!(compile(&tree, &packages), Ok(()), "before");
    let report = tree.scan();
    assert!(live(&report).len() > 40, "{}", live(&report).len());
    let edits = tree.preview(&report);
    if std::env::var("PGSTEAD_TEST_SHOW").is_ok() {
        println!("{}", edits.masked_diff());
        edits.left.iter().for_each(|left| println!("{}  {}", left.place, left.what_to_do));
    }
    assert_eq!(tree.takes(&edits.unified_diff()), Ok(()));
    tree.write(&edits);
    let left = without_redis(&packages);
    assert_eq!(compile(&tree, left.path()), Ok(()), "{}", edits.masked_diff());
    tree.commit();
    let second = tree.scan();
    let lives: Vec<_> =
        live(&second).iter().map(|it| format!("{} {:?} {}", it.place, it.kind, it.name)).collect();
    assert_eq!(lives, Vec::<String>::new(), "verify");
    assert!(second.findings.iter().all(|finding| finding.kind != Kind::Backup));
    let again = tree.preview(&second);
    assert!(again.changed.is_empty() && again.deleted.is_empty(), "{}", again.unified_diff());
    assert!(again.left.is_empty(), "{:?}", again.left);
}
